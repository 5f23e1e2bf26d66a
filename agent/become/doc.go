// Package become runs tasks as other users: by agents of theirs that it starts through sudo, doas or su.
//
// A task that runs as another user is run by a child agent: this same program, started by this agent through sudo, doas or su
// when the first such task comes, and ended with the run. It serves the agent on its standard streams as the agent serves
// the operator: it gets the same plan with only its user's tasks, all behind barriers, which the agent opens as its own
// queue comes to them; its events are passed on with the agent's numbers. So one SSH connection is enough for any number
// of users, as with Mitogen.
//
// The method is started in a session of its own. What it says is read until it asks for a password or the child agent's first
// line comes. sudo (-S) and su read the password from standard input, byte by byte, so that what follows is the child agent's;
// doas, and a sudo with requiretty (sudoers(5)), are given a terminal of their own. The password is asked of the
// operator only when the method asks for it. It is answered once: another question means that it was wrong, and so does the end of
// the method without the child agent's first line, unless its words or its exit status are of another thing (refusal.go).
// Words are read as English ones, which LANGUAGE asks for. sudo is given /bin/sh -c 'exec ...', as by Ansible.
//
// A user other than root may be unable to enter the cache: then the child agent is started from a copy, in a directory with a
// name that can't be guessed, which only this account can write to, removed as soon as the child agent runs.
//
// The agent can't signal another user's processes: the end of the child agent's input ends it, and what it started.
package become
