/** Media processing and realtime messaging: Cloudinary, Filestack, ImageKit, Uploadcare; Ably, PubNub, Pusher. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const ably = {
  severity: 'high',
  remediation: 'Revoke the key under "API Keys" of the app in the Ably dashboard, then create a new one.',
  source: 'https://ably.com/docs/auth/basic',
} as const;
const cloudinary = {
  severity: 'high',
  remediation: 'Regenerate the key pair under "Settings > API Keys" in the Cloudinary console.',
  source: 'https://cloudinary.com/documentation/developer_onboarding_faq_find_credentials',
} as const;
const imageKit = {
  severity: 'high',
  remediation: 'Regenerate the private key under "Developer options" in the ImageKit dashboard.',
  source: 'https://imagekit.io/docs/api-keys',
} as const;
const pubNub = {
  remediation: 'Reset the key of the keyset in the PubNub Admin Portal.',
  source: 'https://www.pubnub.com/docs/general/basics/set-up-your-account',
} as const;

export const mediaRules: readonly Rule[] = [
  {
    ...cloudinary,
    id: 'cloudinary-url',
    title: 'Cloudinary URL',
    keywords: ['cloudinary://'],
    pattern: /cloudinary:\/\/[0-9]{10,18}:(?<secret>[A-Za-z0-9_-]{20,40})@[A-Za-z0-9]/,
    window: { before: 0, after: 62 },
    next: { of: '0-9', least: 10 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
  named({
    ...cloudinary,
    id: 'cloudinary-api-secret',
    title: 'Cloudinary API secret',
    names: ['cloudinary'],
    rest: 'secret',
    of: 'A-Za-z0-9_-',
    length: [27, 32],
    validate: namedMixed,
  }),
  named({
    id: 'filestack-secret',
    title: 'Filestack app secret',
    severity: 'high',
    remediation: 'Regenerate the secret under "Security" in the Filestack dashboard.',
    source: 'https://www.filestack.com/docs/security/policies/',
    names: ['filestack', 'filepicker'],
    rest: 'secret|key',
    of: 'A-Za-z0-9',
    length: [22, 26],
    validate: namedMixed,
  }),
  named({
    ...imageKit,
    id: 'imagekit-private-key',
    title: 'ImageKit private key',
    names: ['imagekit'],
    rest: 'private',
    of: 'A-Za-z0-9+/=_',
    length: [32, 48],
    validate: namedMixed,
  }),
  {
    ...imageKit,
    id: 'imagekit-prefixed-private-key',
    title: 'ImageKit private key',
    keywords: ['private_'],
    pattern: new RegExp(`${BEFORE}private_[A-Za-z0-9+/]{27}=(?![A-Za-z0-9+/=_-])`),
    window: { before: 0, after: 28 },
    next: { of: 'A-Za-z0-9+/', least: 27 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(8)) : rejected),
  },
  named({
    id: 'uploadcare-secret-key',
    title: 'Uploadcare secret key',
    severity: 'high',
    remediation: 'Delete the secret key under "API keys" in the Uploadcare project, then create a new one.',
    source: 'https://uploadcare.com/docs/start/settings/#keys',
    names: ['uploadcare'],
    rest: 'secret|private',
    of: 'a-f0-9',
    length: 20,
  }),
  named({
    ...ably,
    id: 'ably-api-key',
    title: 'Ably API key',
    names: ['ably'],
    rest: 'key|token|secret|real|rest',
    of: 'A-Za-z0-9_-',
    length: [36, 57],
    form: '[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{6}:[A-Za-z0-9_-]{22,43}',
    validate: namedMixed,
  }),
  prefixed({
    ...pubNub,
    id: 'pubnub-secret-key',
    title: 'PubNub secret key',
    severity: 'high',
    prefix: 'sec-c-',
    of: 'A-Za-z0-9+/=_-',
    length: [36, 64],
  }),
  prefixed({
    ...pubNub,
    id: 'pubnub-client-key',
    title: 'PubNub publish or subscribe key (public by design)',
    severity: 'low',
    prefix: ['pub-c-', 'sub-c-'],
    of: 'a-f0-9-',
    length: 36,
  }),
  named({
    id: 'pusher-app-secret',
    title: 'Pusher app secret',
    severity: 'high',
    remediation: 'Reset the secret under "App Keys" in the Pusher dashboard.',
    source: 'https://pusher.com/docs/channels/library_auth_reference/rest-api/',
    names: ['pusher'],
    rest: 'secret',
    of: 'a-f0-9',
    length: 20,
  }),
];
