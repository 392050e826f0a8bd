/** The reader of mail. */
import { describe, expect, test } from '@jest/globals';
import { isMail } from '../../../src/scan/containers/mail-signature.ts';
import { mailReader } from '../../../src/scan/containers/readers/mail.ts';
import { readContainer } from '../read-container.ts';

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\r\n');

const MESSAGE = [
  'From: =?utf-8?Q?J=C3=BCrgen?= <j@example.com>',
  'To: b@example.com',
  'Subject: =?utf-8?B?UGFzcw==?=',
  ' =?utf-8?B?d29ydA==?= of the day',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="ou ter"',
  '',
  'preamble',
  '--ou ter',
  'Content-Type: multipart/alternative; boundary=in',
  '',
  '--in',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'as it is',
  '--in',
  'Content-Type: text/plain; charset=iso-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'pass=3D1 caf=E9 a long=',
  'er word',
  '--in',
  'Content-Type: text/html',
  '',
  '<p>seen as it is</p><p>pass<b>word</b>&#61;x &amp; y</p>',
  '--in--',
  'epilogue',
  '--ou ter',
  'Content-Type: application/octet-stream',
  'Content-Disposition: attachment; filename*0*=utf-8\'\'na%C3%AFve; filename*1=".txt"',
  'Content-Transfer-Encoding: base64',
  '',
  base64('attached '.repeat(100)),
  '--ou ter',
  'Content-Type: message/rfc822',
  '',
  'Subject: inner',
  'Content-Transfer-Encoding: base64',
  '',
  base64('inner text'),
  '--ou ter',
  'Content-Type: text/html; charset=utf-16le',
  'Content-Transfer-Encoding: base64',
  '',
  base64(Buffer.from('<br>wi<i>de</i>', 'utf16le')),
  '--ou ter',
  'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m',
  'Content-Transfer-Encoding: base64',
  '',
  base64('sealed'),
  '--ou ter--',
  '',
].join('\r\n');

const EXPECTED = {
  'header.txt': 'From: Jürgen <j@example.com>\nSubject: Passwort of the day\n',
  'part-2.txt': 'pass=1 café a longer word\n',
  'part-3.html.txt': '\n\n\npassword=x & y\n\n\n',
  'naïve.txt': 'attached '.repeat(100),
  'message.eml/part-6.bin': 'inner text',
  'part-7.html': '<br>wi<i>de</i>',
  'part-7.html.txt': '\nwide\n',
  'smime.p7m': '[encrypted]',
};

const read = (text: string) => readContainer(mailReader, Buffer.from(text, 'latin1'));

describe('mail', () => {
  test('what is encoded, attached or hidden by tags', async () => {
    const { entries, problem } = await read(MESSAGE);
    expect(problem).toBeUndefined();
    expect(Object.fromEntries(entries)).toEqual(EXPECTED);
  });

  test('a mailbox', async () => {
    const box = `From a@b Thu Jan  1 00:00:00 2026\n${MESSAGE}\nFrom c@d Thu Jan  1 00:00:00 2026\nTo: x\n\nFrom here on\nplain\n\nFrom e@f Fri Jan  2 00:00:00 2026\n${MESSAGE.replaceAll('\r', '')}`;
    const { entries } = await read(box);
    const expected = [1, 3].flatMap((number) =>
      Object.entries(EXPECTED).map(([name, text]) => [`message-${number}/${name}`, text]),
    );
    expect(Object.fromEntries(entries)).toEqual(Object.fromEntries(expected));
  });

  test('is cut off anywhere, or nested without end', async () => {
    for (let length = 0; length < MESSAGE.length; length += 7) {
      const { problem } = await read(MESSAGE.slice(0, length));
      expect(problem).toBeUndefined();
    }
    const nested = Array.from(
      { length: 3000 },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n`,
    ).join('');
    expect(
      (await read(`${nested}Content-Transfer-Encoding: base64\n\n${base64('deep')}`)).problem,
    ).toBeUndefined();
    const stopped = await readContainer(mailReader, Buffer.from(MESSAGE), () => true);
    expect(stopped.problem).toBe('container-limit');
  });

  test('is recognised by its header', () => {
    expect(isMail(Buffer.from(MESSAGE))).toBe(true);
    expect(isMail(Buffer.from(`From a@b Thu Jan  1 00:00:00 2026\n${MESSAGE}`))).toBe(true);
    expect(isMail(Buffer.from('From: x\nTo: y\nno field\n\n'))).toBe(false);
    expect(isMail(Buffer.from('X-Frame-Options: deny\nDate: now\n\n'))).toBe(false);
  });
});
