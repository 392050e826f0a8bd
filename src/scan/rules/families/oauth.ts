/** Secrets under the names that the standards define, for any vendor. These rules come after the vendors' own. */
import { named } from '../authoring/builders.ts';
import type { MatchContext, Rule } from '../model/rule.ts';
import { namedValue } from '../validators/named-value.ts';
import { isMixed } from '../validators/opaque.ts';
import { type Verdict, rejected } from '../model/verdict.ts';
import { describe } from '../authoring/table.ts';

const oauth = 'https://www.rfc-editor.org/rfc/rfc6749';

/** As `namedValue`, for values of any look: a random one has capitals or is hexadecimal. */
function mixedValue(secret: string, context: MatchContext): Verdict {
  return isMixed(secret) || /^[a-f0-9-]{32,64}$/i.test(secret) ? namedValue(secret, context) : rejected;
}

export const oauthRules: readonly Rule[] = [
  named({
    ...describe('OAuth', 'client secret', 'high', oauth),
    remediation:
      'Create a new secret for the OAuth client at its provider, switch the app to it, then delete this one.',
    names: [
      'client_secret',
      'clientsecret',
      'client-secret',
      'consumer_secret',
      'consumersecret',
      'consumer-secret',
      'app_secret',
      'appsecret',
      'app-secret',
    ],
    of: 'A-Za-z0-9_~.+/=-',
    length: [16, 200],
    validate: mixedValue,
  }),
  named({
    ...describe('OAuth', 'refresh token', 'high', oauth),
    remediation: 'Revoke the token at its issuer, or end the session that it belongs to.',
    names: ['refresh_token', 'refreshtoken', 'refresh-token'],
    of: 'A-Za-z0-9_~.+/=|-',
    length: [20, 1000],
    validate: mixedValue,
  }),
  named({
    ...describe('Session', 'cookie', 'low', 'https://www.rfc-editor.org/rfc/rfc6265'),
    confidence: 'low',
    remediation: 'End the session that the cookie belongs to, for example by signing out of the website.',
    names: ['phpsessid', 'jsessionid', 'connect.sid', 'asp.net_sessionid', 'sessionid', 'session_cookie'],
    of: 'A-Za-z0-9%._-',
    length: [24, 200],
  }),
];
