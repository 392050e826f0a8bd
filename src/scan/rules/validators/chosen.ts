/** Passwords as people choose them, phrases, and letters as programs draw them: what tells them from words and labels. */
import { surprisal } from './randomness.ts';
import { isWords } from './value.ts';

/** Letters alone, as a program draws them: no words in any of the ways in which names join them. */
export function isRandomLetters(value: string): boolean {
  if (!/^[A-Za-z]{8,64}$/.test(value)) return false;
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  if (changes >= 3 && !/^[a-z]*(?:[A-Z]{1,4}[a-z]{2,})+$/.test(value)) return surprisal(value) >= 4.4;
  return value.length >= 10 && surprisal(value) >= 5.2;
}

/** What people are told about passwords. */
const label =
  /\b(?:enter|please|must|should|invalid|incorrect|wrong|forgot(?:ten)?|reset|confirm|chang(?:e|ed)|requir(?:e|ed)|characters?|pass(?:word|wort|phrase|code)s?|log ?in|sign ?in|user(?:name)?s?|account|new|old|current|least|cannot|failed|error|example|your|token|key|secret|fields?|values?|does|match|expired?|min(?:imum)?|max(?:imum)?|length|letters?|digits?|numbers?|hash\w*|encrypt\w*|optional|default|type|string|option|version|file|server|database)\b/i;

/** A few words with a number or a sign, and not about passwords. */
export function isPhrase(value: string): boolean {
  return (
    /^[!-~]+(?: [!-~]+){1,7}$/.test(value) &&
    value.length >= 10 &&
    value.length <= 64 &&
    /[0-9!@#$%^*?]/.test(value) &&
    /[A-Za-z]{3}/.test(value) &&
    !/[:,;=<>{}()[\]"'`|]|\.$|%[sd]/.test(value) &&
    !label.test(value)
  );
}

/** What distinguishes a password that a person chose from a word. */
export const chosenSign = /[0-9!@#$%^&*?+~]/;

/**
 * A password as people choose them: a word or two with digits or signs. A word alone may be anything: a label, a
 * type, the name of a field.
 */
export function isChosen(value: string): boolean {
  const core = value.replace(/[:*.?,;]+$/, '');
  if (core.length < 5 || core.length > 64) return false;
  // A constant, an address, the name of an algorithm.
  if (/^[A-Z]+\d+[A-Z]+$|^[a-z]+@[a-z]+$/.test(core)) return false;
  if (/(?:^|[-_])(?:sha|md|aes|rsa|des|scram|bcrypt|pbkdf|argon)[-_]?\d/i.test(core)) return false;
  // Two words with a single-digit number are a name; with two digits, or three words, they may be a passphrase.
  if (isWords(core))
    return /^[A-Za-z]+(?:(?:[-_.][A-Z]?|[A-Z])[a-z]+){0,5}[-_.]?\d{2,4}$/.test(core) && !/^v\d/.test(core);
  return /[A-Za-z]/.test(core) ? chosenSign.test(core) : /^[0-9]{8,12}$/.test(core);
}

/** Words that settings have for a password that is elsewhere, or for how it is asked for or sent. */
const otherWord =
  /^(?:ask|auto\w*|blank|cram\w*|crypt\w*|digest|disallow\w*|external\w*|forbid\w*|generate\w*|ignor\w*|inherit\w*|interactive\w*|kerberos|keychain|keyring|login|mandatory|manual\w*|never|permit\w*|prohibit\w*|prompt\w*|protect\w*|random\w*|redact\w*|reject\w*|sufficient|requisite|system|unchanged|unknown|without\w*)$/;

/** A word that may be a password where nothing but one is expected; not one that speaks about passwords. */
export function isPlainWord(value: string): boolean {
  return /^[a-z]{5,24}$/.test(value) && !otherWord.test(value) && !label.test(value);
}
