drop table rate_limits;
drop table api_keys;
drop table recovery_codes;
drop table password_resets;
drop table signing_keys;
alter table refresh_tokens drop column epoch;
alter table users
  drop column token_epoch,
  drop column totp_secret,
  drop column totp_confirmed_at,
  drop column totp_last_step,
  drop column last_login_at;
