/** What a file's path says about its content. */

/**
 * `public`: a package manager installed it, so everybody has it. `test`: usually invented. `code`: an unquoted
 * value is an expression. `document`: prose. `settings`: everything else.
 */
export type Place = 'public' | 'test' | 'code' | 'document' | 'settings';

const installed =
  /\/(?:node_modules|site-packages|dist-packages|bower_components|vendor\/(?:bundle|github\.com|golang\.org)|\.cargo\/registry|go\/pkg\/mod|\.m2\/repository|\.nuget\/packages|\.gem\/ruby|usr\/share|usr\/include|usr\/src|usr\/lib|snap|winsxs|program files[^/]*)\//;
const test =
  /(?:^|[/._-])(?:tests?|testdata|test[_-]data|specs?|fixtures?|mocks?|__tests__|__mocks__|stories|e2e|selftests?)(?=[/._-])|(?:^|\/)(?:samples?|examples?|demos?)\/|[._-](?:samples?|examples?|demos?)(?=[/._-]|$)|(?:^|\/)(?:samples?|examples?|demos?)[._-][^/]*[._-]/;
const code =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|pyi|rb|php|java|kts?|scala|groovy|gradle|go|rs|c|cc|cpp|cxx|h|hh|hpp|hxx|m|mm|swift|cs|fs|vb|dart|lua|pl|pm|r|jl|ex|exs|erl|hs|clj|elm|sol|proto|graphql|gql|css|scss|less|map)$/;
const document = /\.(?:md|mdx|markdown|rst|adoc|html?|xhtml|tex|po|pot|svg|\d|txt\.gz)$/;

/** Matches come file by file. */
let last = { path: '', place: toldPlace('') };

/** @param path as rules see it */
export function placeOf(path: string): Place {
  if (path !== last.path) last = { path, place: toldPlace(path) };
  return last.place;
}

function toldPlace(path: string): Place {
  if (installed.test(path)) return 'public';
  if (test.test(path)) return 'test';
  if (code.test(path)) return 'code';
  return document.test(path) ? 'document' : 'settings';
}

/** Is it where people write for others to read: tests, examples, documentation? */
export function isAmongExamples(path: string): boolean {
  return /^(?:public|test|document)$/.test(placeOf(path)) || /\/(?:docs?|documentation)\//.test(path);
}

/** Is it a file of settings by its name? */
export function isSettingsFile(path: string): boolean {
  return (
    /\.(?:ini|cfg|cnf|conf|config|env|properties|toml|tfvars)$/.test(path) && placeOf(path) === 'settings'
  );
}
