#!/bin/sh
# A hook for git without a hook manager: copy this to .git/hooks/pre-commit and make it executable.
exec secrets-scan --staged --fail-on=low
