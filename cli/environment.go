package cli

import "os"

// tokenVariable may have the token with which an agent or an operator joins.
const tokenVariable = "SLOTH_TOKEN"

// environment takes the token out of the process's environment and returns a Getenv that still has it. Tasks on this
// machine, proxy commands and an agent's runs inherit the environment, and none of them may have the token.
func environment() func(string) string {
	token := os.Getenv(tokenVariable)
	// It fails for names that are no names only.
	_ = os.Unsetenv(tokenVariable)
	return func(name string) string {
		if name == tokenVariable {
			return token
		}
		return os.Getenv(name)
	}
}
