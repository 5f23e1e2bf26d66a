// Package config reads the user's configuration file, $XDG_CONFIG_HOME/sloth-runner/config.yaml: YAML with few keys, each of
// which a flag says too. A key that is not known is an error, with the one that may have been meant.
package config
