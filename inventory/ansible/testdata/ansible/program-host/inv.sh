#!/bin/sh
case $1 in
--list) echo '{"web": ["a", "b", "c"]}' ;;
--host) case $2 in a) echo '{"x": "of a"}' ;; *) echo '{}' ;; esac ;;
esac
