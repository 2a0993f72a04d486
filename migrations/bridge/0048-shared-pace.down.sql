alter table nas drop column paced_until;
