package become

import "os"

const (
	// languageVar chooses the language of messages alone: gettext(3). It changes nothing where messages are not translated,
	// and no other part of the locale.
	languageVar = "LANGUAGE"
	// english is the value for methods' programs, whose words are read; a list that no user would write.
	english = "en:C"
)

// restoreLanguage undoes what the parent set for the method, as far as it came here. was is the parent's own value.
func restoreLanguage(was string) {
	switch {
	case os.Getenv(languageVar) != english:
	case was == "":
		os.Unsetenv(languageVar)
	default:
		os.Setenv(languageVar, was)
	}
}
