/** Clouds of China and Russia: Alibaba, Baidu, Huawei, Tencent, Volcengine, Yandex. */
import { BEFORE } from '../authoring/boundaries.ts';
import { named, prefixed } from '../authoring/builders.ts';
import { nearId } from '../authoring/near-id.ts';
import type { Rule } from '../model/rule.ts';
import { namedMixed } from '../validators/named-value.ts';
import { isMixed, opaque } from '../validators/opaque.ts';
import { rejected } from '../model/verdict.ts';

const alibaba = {
  remediation:
    'Disable and delete the AccessKey pair in the RAM console of Alibaba Cloud, then create a new one.',
  source: 'https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair',
} as const;
const baidu = {
  severity: 'critical',
  remediation: 'Delete the key under "Security authentication > Access Key" in the Baidu AI Cloud console.',
  source: 'https://cloud.baidu.com/doc/Reference/s/9jwvz2egb',
} as const;
const tencent = {
  remediation:
    'Disable and delete the key under "CAM > API Keys" in the Tencent Cloud console, then create a new one.',
  source: 'https://www.tencentcloud.com/document/product/598/32675',
} as const;
const volcengine = {
  remediation:
    'Delete the access key under "API Access Keys" in the Volcengine console, then create a new one.',
  source: 'https://www.volcengine.com/docs/6291/65568',
} as const;
const yandex = {
  remediation: 'Delete the key of the service account, or revoke the token, in the Yandex Cloud console.',
  source: 'https://yandex.cloud/en/docs/iam/concepts/authorization/',
} as const;

export const easternCloudRules: readonly Rule[] = [
  nearId({
    idForm: 'LTAI[A-Za-z0-9]{12,20}',
    idLength: 24,
    secretForm: '[A-Za-z0-9]{30}',
    secretLength: 30,
    ...alibaba,
    id: 'alibaba-secret-near-id',
    title: 'Alibaba Cloud AccessKey ID and secret',
    severity: 'critical',
    keywords: ['LTAI'],
  }),
  named({
    ...alibaba,
    id: 'alibaba-access-key-secret',
    title: 'Alibaba Cloud AccessKey secret',
    severity: 'critical',
    names: [
      'aliyun',
      'alibaba',
      'alicloud',
      'oss_',
      'osss',
      'access_key_secret',
      'accesskeysecret',
      'access-key-secret',
    ],
    rest: 'secret|(?<=secret)',
    of: 'A-Za-z0-9',
    length: 30,
    validate: namedMixed,
  }),
  prefixed({
    ...alibaba,
    id: 'alibaba-access-key-id',
    title: 'Alibaba Cloud AccessKey ID (no access without its secret)',
    severity: 'medium',
    prefix: 'LTAI',
    of: 'A-Za-z0-9',
    length: [12, 20],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  {
    ...baidu,
    id: 'baidu-api-key',
    title: 'Baidu AI Cloud (Qianfan) API key',
    severity: 'high',
    keywords: ['bce-v3/ALTAK-'],
    pattern: new RegExp(`${BEFORE}bce-v3/ALTAK-[A-Za-z0-9]{16,32}/[a-f0-9]{40}(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 73 },
    validate: (secret) => opaque(secret, secret.slice(-40)),
  },
  named({
    ...baidu,
    id: 'baidu-secret-key',
    title: 'Baidu AI Cloud secret key',
    names: ['baidu', 'bce_', 'qianfan', 'ernie'],
    rest: 'secret|sk',
    of: 'A-Za-z0-9',
    length: 32,
  }),
  named({
    id: 'huawei-cloud-secret-key',
    title: 'Huawei Cloud secret access key',
    severity: 'critical',
    remediation:
      'Delete the access key under "My Credentials" in the Huawei Cloud console, then create a new one.',
    source: 'https://support.huaweicloud.com/intl/en-us/usermanual-ca/ca_01_0003.html',
    names: ['huawei', 'hwcloud', 'hw_secret', 'hwsecret', 'obs_', 'hw_sk'],
    rest: 'secret|sk|(?<=sk)|(?<=secret)',
    of: 'A-Za-z0-9',
    length: 40,
    validate: namedMixed,
  }),
  nearId({
    idForm: 'AKID[A-Za-z0-9]{32}',
    idLength: 36,
    secretForm: '[A-Za-z0-9]{32}',
    secretLength: 32,
    ...tencent,
    id: 'tencent-secret-near-id',
    title: 'Tencent Cloud SecretId and SecretKey',
    severity: 'critical',
    keywords: ['AKID'],
  }),
  named({
    ...tencent,
    id: 'tencent-secret-key',
    title: 'Tencent Cloud SecretKey',
    severity: 'critical',
    names: ['tencent', 'qcloud', 'cos_secret', 'cos.secret', 'cossecret', 'secretkey', 'secret_key'],
    rest: 'secret|key|(?<=secret_?key)',
    of: 'A-Za-z0-9',
    length: 32,
    validate: namedMixed,
  }),
  prefixed({
    ...tencent,
    id: 'tencent-secret-id',
    title: 'Tencent Cloud SecretId (no access without its SecretKey)',
    severity: 'medium',
    prefix: 'AKID',
    of: 'A-Za-z0-9',
    length: 32,
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  nearId({
    idForm: 'AKLT[A-Za-z0-9_-]{38,60}',
    idLength: 64,
    secretForm: '[A-Za-z0-9+/]{58}==|[A-Za-z0-9+/]{42,60}={0,2}',
    secretLength: 62,
    ...volcengine,
    id: 'volcengine-secret-near-id',
    title: 'Volcengine access key ID and secret access key',
    severity: 'critical',
    keywords: ['AKLT'],
  }),
  named({
    ...volcengine,
    id: 'volcengine-secret-key',
    title: 'Volcengine secret access key',
    severity: 'critical',
    names: ['volc'],
    rest: 'secret|sk',
    of: 'A-Za-z0-9+/=',
    length: [40, 64],
    validate: namedMixed,
  }),
  prefixed({
    ...volcengine,
    id: 'volcengine-access-key-id',
    title: 'Volcengine or Kingsoft Cloud access key ID (no access without its secret)',
    severity: 'medium',
    prefix: 'AKLT',
    of: 'A-Za-z0-9_-',
    length: [18, 60],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  prefixed({
    ...yandex,
    id: 'yandex-api-key',
    title: 'Yandex Cloud API key',
    severity: 'critical',
    source: 'https://yandex.cloud/en/docs/iam/concepts/authorization/api-key',
    prefix: 'AQVN',
    of: 'A-Za-z0-9_-',
    length: [35, 38],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(4)) : rejected),
  }),
  {
    ...yandex,
    id: 'yandex-iam-token',
    title: 'Yandex Cloud IAM token',
    severity: 'medium',
    source: 'https://yandex.cloud/en/docs/iam/concepts/authorization/iam-token',
    // Both parts in base64url; the second is 64 bytes. `c1.` is a cookie.
    keywords: ['t1.9', 'c1.9'],
    pattern:
      /(?<![A-Za-z0-9_.-])[tc]1\.9[A-Za-z0-9_-]{20,600}={0,2}\.[A-Za-z0-9_-]{86}={0,2}(?![A-Za-z0-9_=-])/,
    window: { before: 0, after: 692 },
    next: { of: 'A-Za-z0-9_-', least: 20 },
    validate: (secret) => opaque(secret, secret.slice(-80), 'lives for 12 hours'),
  },
  prefixed({
    ...yandex,
    id: 'yandex-oauth-token',
    title: 'Yandex OAuth token',
    severity: 'high',
    source: 'https://yandex.cloud/en/docs/iam/concepts/authorization/oauth-token',
    prefix: ['y0_', 'y1_', 'y2_', 'y3_'],
    of: 'A-Za-z0-9_-',
    length: [40, 64],
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret.slice(3)) : rejected),
  }),
  nearId({
    idForm: 'YCA[A-Za-z0-9_-]{22}',
    idLength: 25,
    secretForm: 'YC[A-Za-z0-9_-]{38}',
    secretLength: 40,
    ...yandex,
    id: 'yandex-static-secret-near-id',
    title: 'Yandex Cloud static access key ID and secret',
    severity: 'critical',
    keywords: ['YCA'],
  }),
  {
    ...yandex,
    id: 'yandex-static-secret',
    title: 'Yandex Cloud static access key secret',
    severity: 'critical',
    confidence: 'medium',
    keywords: ['YCM', 'YCN', 'YCO', 'YCP'],
    pattern: new RegExp(`${BEFORE}YC[MNOP][A-Za-z0-9_-]{37}(?![A-Za-z0-9_-])`),
    window: { before: 0, after: 37 },
    next: { of: 'A-Za-z0-9_-', least: 37 },
    validate: (secret) => (isMixed(secret) ? opaque(secret, secret) : rejected),
  },
];
