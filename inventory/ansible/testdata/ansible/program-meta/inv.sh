#!/bin/sh
[ "$1" = --list ] || exit 3
echo a warning >&2
cat <<'END'
{"web": {"hosts": ["a", "b"], "vars": {"x": 1, "y": "two"}, "children": ["front"]},
 "db": ["d1", "d2"],
 "alone": {"p": "q"},
 "front": {"hosts": ["f"]},
 "none": {"hosts": []},
 "_meta": {"hostvars": {"a": {"z": [1, 2], "ansible_host": "10.0.0.1"}, "unknown": {"z": 1}}}}
END
