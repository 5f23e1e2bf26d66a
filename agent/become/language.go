package become

import "os"

const (
	// languageVar selects only the language of messages: gettext(3). It has no effect on other parts of the locale, and
	// none without translations.
	languageVar = "LANGUAGE"
	// english is the value for programs of methods, whose messages are parsed. It is a list that no user would set.
	english = "en:C"
)

// restoreLanguage restores the variable after the method has started this process. was is the value of the parent.
func restoreLanguage(was string) {
	switch {
	case os.Getenv(languageVar) != english:
	case was == "":
		os.Unsetenv(languageVar)
	default:
		os.Setenv(languageVar, was)
	}
}
