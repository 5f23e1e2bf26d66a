package command

import "os"

// TokenVariable may have the token with which an agent or an operator joins.
const TokenVariable = "SLOTH_TOKEN"

// Environment takes the token out of the process's environment and returns a Getenv that still has it. Tasks on this
// machine, proxy commands and an agent's runs inherit the environment, and none of them may have the token.
func Environment() func(string) string {
	token := os.Getenv(TokenVariable)
	// It fails for names that are no names only.
	_ = os.Unsetenv(TokenVariable)
	return func(name string) string {
		if name == TokenVariable {
			return token
		}
		return os.Getenv(name)
	}
}
