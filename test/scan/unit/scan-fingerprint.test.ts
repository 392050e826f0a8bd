/** Fingerprints are HMAC-SHA-256, which other programs can compute too. */
import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { fingerprintOf } from '../../../src/scan/detect/fingerprint.ts';

describe('fingerprints', () => {
  test.each([32, 1, 64])('are HMAC-SHA-256 with a key of %d bytes', (keyLength) => {
    const key = randomBytes(keyLength);
    for (let length = 0; length < 300; length += 1) {
      const secret = randomBytes(length);
      const expected = createHmac('sha256', key).update(secret).digest('hex');
      expect(fingerprintOf(key, secret)).toBe(expected);
      expect(fingerprintOf(key, secret.toString('latin1'))).toBe(expected);
    }
  });
});
