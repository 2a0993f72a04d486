drop table audit_chain, audit_pending, audit_logs;
drop function note_unlinked, refuse_audit_change;
