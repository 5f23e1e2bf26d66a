// Package become runs tasks as other users, in agents of those users that it starts with sudo, doas or su.
//
// A task of another user runs in a child agent. That is this same program, which this agent starts with sudo, doas or su
// for the first such task, and which ends with the run. The child agent serves this agent on its standard streams, as
// this agent serves the operator. It gets the same plan with only its user's tasks, all behind barriers, which this
// agent opens in the order of its own queue. Its events are passed on with this agent's numbers. So one SSH connection
// is enough for any number of users, as with Mitogen.
//
// The method is started in its own session (setsid). Its output is read until it asks for a password or the first line
// of the child agent arrives. sudo (-S) and su read the password from standard input, byte by byte, so that all that
// follows is for the child agent. doas, and a sudo with requiretty (sudoers(5)), get a terminal. The operator is asked
// for the password only when the method asks for it. The password is given once. A second question means that it was
// wrong, and so does an end of the method without the first line of the child agent, unless its messages or its exit
// status have another meaning (refusal.go). Messages are expected in English, which LANGUAGE selects. sudo gets /bin/sh
// -c 'exec ...', as from Ansible.
//
// A user other than root may be unable to enter the cache. Then the child agent is started from a copy in a directory
// with an unpredictable name, which only this account can write to, and which is removed as soon as the child agent
// runs.
//
// This agent can't signal processes of another user. It closes the input of the child agent, which then ends with all
// that it started.
package become
