/** The packets that a client with a subscription may receive besides those of a publisher. */
import { describe, expect, test } from '@jest/globals';
import { PacketGuard } from '../../../src/host/agent/packet-guard.ts';

const connack = Uint8Array.of(0x20, 2, 0, 0);
const suback = Uint8Array.of(0x90, 3, 0, 1, 0);
/** QoS 0, on the topic `t`. */
const publication = Uint8Array.of(0x30, 4, 0, 1, 0x74, 0x78);

/** The violation after a CONNACK. */
function after(isSubscribed: boolean, ...packets: readonly Uint8Array[]) {
  const guard = new PacketGuard('3.1.1', () => 1, isSubscribed);
  return [connack, ...packets].map((packet) => guard.violation(packet)).find((found) => found !== undefined);
}

describe('a client that has subscribed', () => {
  test('receives the answer to it, and any number of publications', () => {
    const many = Array.from({ length: 5000 }, () => publication);
    expect(after(true, suback, ...many)).toBeUndefined();
    expect(after(true, suback, Uint8Array.of(0x31, ...publication.subarray(1)))).toBeUndefined();
  });

  test.each([
    [
      'a publication with QoS 1, which it would have to acknowledge',
      Uint8Array.of(0x32, 4, 0, 1, 0x74, 0x78),
    ],
    ['a publication of two megabytes', Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x01)],
    ['a SUBSCRIBE', Uint8Array.of(0x82, 2, 0, 1)],
  ])('does not receive %s', (_, packet) => {
    expect(after(true, suback, packet)?.message).toMatch(/does not follow MQTT/);
  });

  test('receives nothing before the CONNACK', () => {
    expect(new PacketGuard('3.1.1', () => 1, true).violation(publication)?.message).toMatch(
      /unexpected packet/,
    );
  });
});

test.each([suback, publication])('a client that has not subscribed receives neither', (packet) => {
  expect(after(false, packet)?.message).toMatch(/unexpected packet/);
});
