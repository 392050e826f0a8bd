/** The texts of the scanner's topics of `help`. */
import { sourceNames, sources } from './sources/selection.ts';
import { serverRoots } from './walk/default-roots.ts';

const width = Math.max(...sourceNames().map(({ length }) => length));
const list = sourceNames()
  .map((name) => `  ${name.padEnd(width)}  ${sources[name].title}`)
  .join('\n');

export const roots = `\
Arguments that are not options name the files and folders to scan. Folders are scanned with all their subfolders. If a name begins with a dash, put -- before it.

  $ secrets-scan scan ~/src /etc/nginx
  $ secrets-scan scan -- -odd-name

Every path must exist and be readable: otherwise the run ends with code 66 before it scans anything. With --allow-missing-roots, the other paths are scanned, and this one is reported as not scanned; use this if a job runs on machines with different folders.

A path that is a symbolic link is followed if the link belongs to root or to the user who runs the scan. Links below a path are never followed. Other file systems below a path are entered only if they are local; name a network folder to scan it.

Without any path, a scheduled run scans the usual places of the machine: the homes of all users, and these:
  Linux    ${serverRoots.linux.join(' ')}
  macOS    ${serverRoots.macOS.join(' ')}
  Windows  ${serverRoots.windows.join(' ')}
A run by hand scans them with --default-roots.

With the usual places, a run also scans sources outside them, such as the environments of running processes; --sources selects them, also for a run with paths:
${list}

--exclude leaves out files and folders. Reports count excluded and skipped files, and everything that could not be read; if there is any of the latter, --strict ends the run with code 11.`;

export const rules = `\
The built-in rules recognise vendors' credentials, secrets in known file formats, and settings whose values look like secrets.

  $ secrets-scan rules list --severity=critical
  $ secrets-scan rules list aws
  $ secrets-scan rules show github-classic-token
  $ secrets-scan rules test config.env

--rules=FILE adds rules from a file in the format of gitleaks 8 (TOML). A rule with the same id as a built-in one does not replace it: both apply. --rules-only uses only the rules from the file. The file's allowlists apply to built-in rules, too: see "help suppressing".

--disable-rules leaves out rules, --enable-rules uses only some. A rule is named by its id, by a glob, or by its family:

  $ secrets-scan scan --disable-rules=generic-password,family:maps ~/src
  $ secrets-scan scan --enable-rules='aws-*' ~/src
  $ secrets-scan rules list --disable-rules='aws-*' aws

Every report says which rules are disabled. Earlier findings of these rules count as suppressed, not as resolved.

The severity of a finding says how much harm the secret could do; its confidence, how certain the scan is that it is a secret: high means that the format is specific to the vendor or that a checksum matched, low that it only looks like a secret.`;

export const suppressing = `\
--baseline=FILE leaves out the findings of an earlier JSON report of the same user, so that only new ones are reported.

  $ secrets-scan scan --report=baseline.json ~/src
  $ secrets-scan scan --baseline=baseline.json --fail-on=low ~/src
  $ secrets-scan baseline update baseline.json --from new.json

--ignore-list=FILE leaves out the findings that a text file lists, one per line, with an optional reason and expiry date:

  config/app.yml:generic-password:12       # path, rule, line, as in .gitleaksignore
  ./docs/setup.md:generic-password         # every finding of a rule in a file
  **/fixtures/**:*       until 2027-01-31  # a glob, and any rule
  5f1d0c0ffee0beef                         # a fingerprint

--rules=FILE leaves out what the allowlists at the top level of the file permit, by path, expression or word:

  [[allowlists]]
  targetRules = ["generic-password"]     # without it: all rules, built-in ones included
  paths = ['''(^|/)fixtures/''']
  stopwords = ["example"]

--obey-markers leaves out findings with a comment such as gitleaks:allow on each of their lines. By default, such comments have no effect, because anyone who can write a file can write one.

--exclude=GLOB does not read matching files at all.

What was left out is counted in the summary and in the reports.`;

export const pipelines = `\
The exit code says how a scan ended: 10 if there is a finding at or above --fail-on, 11 if --strict is set and something could not be scanned, otherwise 0. Any other code is an error (secrets-scan help exit-codes).

  $ secrets-scan scan --fail-on=high --strict --report=results.sarif .
  $ git diff origin/main... | secrets-scan scan --fail-on=low -
  $ secrets-scan scan --staged --fail-on=low
  $ secrets-scan scan --commits=origin/main..HEAD --fail-on=low
  $ secrets-scan hook install pre-commit pre-push

- reads standard input; --stdin-path gives it a name for reports and for rules that depend on names. --staged scans what git is about to commit, and reports secrets that the last commit does not have. --commits scans what the commits of a range add, even if a later commit removes it. "hook install" makes git run both. --quiet shows only errors.`;
