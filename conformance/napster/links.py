"""Links between servers: what a user can't do in the name of one."""
