/** The reader of PDF, on documents that are made here and on encrypted ones that qpdf made. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { pdfReader } from '../../../src/scan/containers/readers/pdf.ts';
import { flate, pdfFile, pdfPage } from '../../../fixtures/documents.ts';
import { readContainer } from '../read-container.ts';

const read = (bytes: Uint8Array) => readContainer(pdfReader, bytes);
const show = (text: string) => `BT /F 12 Tf 72 700 Td (${text}) Tj ET`;
const pageOf = async (bytes: Uint8Array) => (await read(bytes)).entries.get('page-1.txt');

/** From a document with the text "sealed words", made with `qpdf --encrypt`; compressed. */
const encrypted: Readonly<Record<string, string>> = {
  'RC4, 40 bits':
    'H4sIAPr4DWsC/4VTv2/UMBhlQiJCYkAMLPANnJhKbMeOY+l0Qv0lqoJ6agvLqYNjfz5SHUmbc1HLn8JINwZWxv4BiIk/gYUBIZhYEMLJtb1UN5' +
    'AoivPyvve+fH7pDVfXl+gjHvXOfr/7G1EgUOX7Ub8P8VCPcQpJQLYh3j05QIhXtNeTagyDQYSlbYisU7Bb+AlCn0mNlqARTFmRaRSGO47aDTpl' +
    'SadspToqPVCINws7hRHw1nEP4m2cVke1CU00tPUqsNoFiJYxaAQvOps1OzfgVwxKj6WfQjr7lmdoC71cHQcvEk5GZtdeo1IH4tVvbpQ7wqIjvK' +
    'yn2LYVP8HJa/SF0RDvHOW+LWzK6YVKS5urpB2Vp1iO/UvgWWAVE491uE+0x1U0lW2tp75G/Sr6fjo8fXjw/vDTnRsfP+9jfev615+3P7zdO3Wj' +
    'e5t/bt5VZ78ejHbH9398q9UXee1x8DqvPHeVHdcLqx2vS6trO++DQLwFfaE05obkjGWWME2tpdpZmaNg2jKuwoNJA0DRKZZwzVXutEgxl8xkhO' +
    'qwM0NY4mEXgUH8HPqWM51o5FQKRphDlrlMGkOzjNugmjpnE2VtQnJJFeYuJIYnIs1VaohEaYPgi5CS+QyPa3QRgSwilwekQiQCHFxiNOxX+6ac' +
    'YylfwChVCxij6QKWkEW9RC5iXCVzzNe6mIRZN2PfKF0FbJav7apqct+ud4o3CCEBG6sw6huXCGJZTok1muWZci5RuTYyk0Jg6gb/Z4Qwr5WmPj' +
    'nwIM//lhAjXft2aqlSUa+3trUe/QNp7qsMAAQAAA==',
  'RC4, 128 bits':
    'H4sIAPr4DWsC/4VTPW/UQBCFDrlGNBSMkK4M3u+1wboiXyIiUaJLoIkisWuPg9FhR74NSqDiD1BS81UiiggFuogqPSWU8B+oIKx9Sc7RFdiyPH' +
    'p+897szLi3Nr84Q2+JoHf0++3fgAKByj4OkgTCNbONI+AeGUC4sb+DEM4ZZ4bVNvT7AZZZQ2SdhI3CDRESykjMqYzQGG2VlCi4jCNi+p003kmb' +
    'q3ZLBxTCe0U2gk0QreMWhAMcVbt16otoaIuVZ7UByJbRbwTPKhsXOzEQFwxKh6UbgRqfZQWzwsxWe96L+JuR8bPVqNSeePHMjXJHWHaEZ80I27' +
    'LCuzh8iq5IDYTru9a1iU06PVNpaRMV1VFZxnLbPQIReVYxdFj799A4nMe0ylrrkavRPAlWbh5d/Xj92sOTV98uv46e17evfLlxmJzc0cern1+8' +
    '/PV1+eDTpXcHxz9+fh+8f3P454P3Os08ddUd1zOrdWfKzNTZeR2U+UJWIVEyt4hWKxQqplZnqbDGorQxpSlGmsYq53FG0jwzJCckZiTiEWdaUG' +
    '40FX40azAj/Bh9P8P7kKSKoBUGY69qRcpkZqVI4zzWjPn9sIQyJqQy3sygpFwwzY3KrI/SSKeN4ANgnSbu1ZgHBKKAnF/g941LyOEco35g7Zdy' +
    'gikxhVEaT2GMqimMk2k9rqcxEfMJ5mpTDH2zm74vlXkFbLxgg6pqFr+N14tnCL7zS/OwmQiZcpYLqZmymOcGtYosp5HQNlaCi/7/GX6bF8q03t' +
    '9xoE9/F79HpnZt1zQhQa+3sLoY/AO00okcAQQAAA==',
  'AES, 128 bits':
    'H4sIAPr4DWsC/4VTO2gUQRhGC8EFwSplnMIr487sPHYXzgPN3ZGoMWcuRiFEmZmdSU4uu3FvLiR2aXyA2KQVEbHSJp2FoKigQrQxIgrWVjapLA' +
    'Rxdu8ud+EEd1lm9p9vvu9/Fmrl6hg6wZzCy1+P/jgIQJCIa06xCNwaX1QtgK1lBriz6ysKuOPc8GayCEolR8VRBvQGLsw2TFOBImYB8hnDOIAe' +
    'Y4oQghXlQkiOFIKeZMgjPhYw9EKqAy4REtoT2CMhDqHv+6UBejxAP560YwMQcM82ohaYByT3bAG4M6qVtFNpnc1g1cSi8g2gOaKUEfYi6ATVFy' +
    'D7BGKjYtMCrBPzlIoa/HSyZrWgfT3Y+RYyltQC9+cmYx4gpgPEp3lL5W65E6q5qkxDcuDW28LkF7PrqMeSw/osbIDlnIoXzRIIoEU1mkaldm1y' +
    'o8pKJlEu3TKp4svOmYefz//YeXz45IOPx8JLtU9fN17sXDC3Drz6eXlz/sjuvdHrT3fhodtftg/+fnN06+397dcjpWT06tb7KyOtu/5yeOf7xr' +
    'fNd8efP3mGRpIPEzetL13mrlf+YNKqebLrJuruTrXNUmU1S49bTuT0iooz0JQ9qNTnvL0wEOsVphdM3fA44mnUh3gBcKdBkVEtlBK+7SUWIuFH' +
    'kgguFBUhQlIFPgqZxmEEpY441NA2FgxwgD2fIMx9RKxGDYwR2yi2Z6zMcrXnr13S/s9FUCQaSqitUkC0RtoXRNiGpViHmEeKaYg8j1DGrRtcUY' +
    'SJ52POImF3MvBlJjVnRfoFXEuVdiAIHLj3AEYppkCDPRuyzZKfxH0bI0M2RMMhm0fZkA2TYT7yDw3KBmwm5Y2mLUNWwslYJ8DrNPdMkmRDl+/r' +
    'jRsK2JpMlsF8ESkss2pQxSQiPAwDTgiN7NTrUIaBKP0fYSepEst0fcUAvzuqtod5avKsBYw4hUJluur8BblbPVOlBAAA',
  'AES, 256 bits':
    'H4sIAPr4DWsC/4VUTWgkRRRmVRQG8SYqiFsgQS9r1/8PDpFkk7CLWbIk2VyWgK+qXmVHJjOxpxOyCx5c8KJeBG+yInram3v39+BFFG96EgQ9eP' +
    'CgF8WL+LonP7PkYHfPdPWrV99731fv1dzVpZUL4gXXm/vi74/+7QnG2Ti+2uv3WbV82OBoMhiPJqz9XFhaXO4GizDBLazbGVbR0hnPVTzAIfNs' +
    'fr59qquwgxOmCHOdVZs395BVF6GB4XiHpns4ym0oORNyc9AMkfUB0TtZoBjrMEHWSjtEbkQOMZXic4CiEENSxSobteFC+mhi1Jxb6/z8DLyagb' +
    '843h81TLDq5UGesOtMd5lts2odJ+P9OuGU6cqYvLoBM53HEZ0pgymp0wD6vgAjUqKZMDvlfAXzABbHhxSL0y359LfdotTkeL82LfIMsJkBbjXv' +
    '0qou4fAAm0ECVm3sx6Zb2C4Xxyid2ymKnUFZxdFOc4N5Tl6DYYM1vYfQ4BKmce5CT5oaYbf34M+Pbj/y5x+Pf/f73Xuvb3762w/PfT1/7pdv3/' +
    'ns+95PD8DTb//z12vP3r31xot3vvrm/EOP3Xn+zdu3nxy+98Qzn/DVjx9+6/2FS/bDL8+99O5TH7zy4/l7C5//SrkcIR9l5WZFW+nE3mjy0Whh' +
    'v7mxfNDKUy2N09oejlqnKzSxvLGlTmgoebwxx2Q2GhhlqPOJizSWVWusnxQIbgNXyhSdeYkuGmdslFopp+hypYAroEzkWGKxQbgI6LT3RlnhpD' +
    'YAGrzNFgxC0kYBCueyLil1BVetUXO4VIK26IBsPBvpnSsx6RIQXJARpIYUg0zRF4BobJAWbQxaSOc9ONO2DLug6R/rXapFb2XQ3CUbTQCOwqdo' +
    'tFMGVUiAOZP/OpUa8d5dORaQXvXpxzXWD4p7WZILiauidDa2ZRMjz1GaYFTkJEXMGYovAbITQOkTD2MUpdxmKjRakUg+GWR2NlP6QsoQiyjUiZ' +
    'TENeKuhDcesWTSUVoQxdOioEPblaRx1MiF1yUiAnDuqMWB+AegLUrgPCeYLWq308I9rLH0OPM9fnIxS0kZVtiJTVCTdDOjE5tQ/IxNyrN+Ssoz' +
    'Ni3EWZs/a7NqxtbUMBhS+bWle3lUxkxOm3p9PG4Pm268MbiFdC5Wl5fY9T6SVtomAS7S1iZIMhnjUISUedCo5v/fg06Q5VGqb+41zB0dUdS7UD' +
    'edakI435ubW15b6f0HhIs3G+AFAAA=',
  'a password':
    'H4sIAPr4DWsC/4VUzYscVRC/5OKcJDcv8i4rXtZ+3x8yWdjNzJLFxF1mkr0sObyPepuR2e6lp3fZBPwDvAVyFkxAxYsXvRpvEvAi3gQvSgQRBM' +
    'WDEESs7pmdnbAHp2emX1f93q+qfl311vYG2+vsLdNb+/rvJ//2GKGkCu/1+n1SDM8aKGeTqpyR9nFzsDXsFlt+BvtQtx5S4NYV5E04hSmxZGOj' +
    '/RZ7/hBmRCDniBS37x8DKa77xk+rQ3T3oExtKL4S8vakmQLpO2qUoFJlERMEJZlggaoIznktQrBR+eyoBBqyA66oNVJz6ryywmYZ6cYKvVihv1' +
    '6dlA1hpHhnkmbkgMgus7ukGMGsOqkjzCvdrhDVLYjqEIty5hXMi7oIIF8KUKISzYzoec23IE38VnWGsShenM5/d1uWGoEva9MyrxCrFeJW8y6t' +
    '4gZMT6GZRE+K8Ulouo3tdnbO0sEuWPQKy00oD5t7xFJETaYN1Hif+gYGEKvUhZ41Nfij3l/fbb74/I0fv/xp8+r6F7/FR0+f7T1/8v6VF89f+e' +
    'RX3r/y2dP887enjz78/fV3P9754M/1g38eNruvvfnL9x/90DxOn7797PFXJ+U3N66Nzl59wP94ePUa5rJgXmRlVkXb7sQeN2mx2jxp7g1PW3mK' +
    'QRV3j6FsQbfQMRzvi2UZgp+/mPNixo0vk6/TEsKVJsUu6TPPZUwiaKOAGxa1pEkan2kQkoGyEkBIyjLlQjPHgYWMl8hJa+Wy56BZpJFyr7LXWW' +
    'gBGqiPSmeltTUcc9jF4RBRcCYUeOuzkMkmDYgQ0XMrJUQeXY7WBAuQeFKRa9F6YjTSZelCaEeGrEv8h/oIe9HzYGKgmLzVwsYgPTY+tno2mD13' +
    'FvEjbDWs+2j7XEC81RcPd0ifWpm0tEabHFQKTufIZLvfxxCSDjoaHJ2YUBGtgwwSxREuRa+5MSgS1SlYGQKFmLmXCfP30oJSjAURbMIk7mDtzg' +
    'FT2knLI+oanU3GG0jRQYbslIlSMhNoFgIpnbZZKKZESpxqn7yRSLOP43bRuGc15B4ltkeXH6KVEopksrQxHJLOUy5tTNBLNs4v4wTnl2ySscs2' +
    'e9mmxYqtqf1kiu3Xtu5OmSvC50M9qqr2sOnW48kDwHOx2BmQg35WFE8um5MAj90oIQBIfMnKJqadNRv/j8ATZFjG+v5xQ8ziiMLZ9XXTqcaYsb' +
    '21teHudu8/w/V/XOAFAAA=',
};
const documentOf = (method: string) => gunzipSync(Buffer.from(encrypted[method] ?? '', 'base64'));

describe('PDF', () => {
  test('text reads as lines and words', async () => {
    const content = `q 0.5 0 0 0.5 0 0 cm BT /F 10 Tf 14 TL 100 700 Td [(pass) -20 (word:) -300 (Gh7) 15 (xKq)] TJ T*
      (second \\(line\\) caf\\351) Tj 200 0 Td (far away) Tj 0 -14 Td <7468697264> ' /F 8 Tf 2 3 (fourth) " ET Q
      BI /W 1 /H 1 ID (binary EI( EI BT /F 10 Tf 0 1 -1 0 50 50 Tm (turned) Tj ET`;
    expect(await pageOf(pdfPage(content))).toBe(
      ['password: Gh7xKq', 'second (line) café\tfar away', 'third', 'fourth', 'turned', ''].join('\n'),
    );
  });

  test('fonts with maps, in an object stream; content in parts and in forms', async () => {
    const map = `1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <0054> <0002> <00e9> endbfchar
      2 beginbfrange <0010> <0012> <0061> <0020> <0021> [<00660069> <D83DDD11>] endbfrange`;
    const inStream = [
      '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      '<< /Type /Page /Parent 2 0 R /Contents [8 0 R 9 0 R] /Resources << /Font << /F 4 0 R /G 5 0 R >> /XObject << /X 10 0 R >> >> >>',
      '<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<< /DW 600 /W [1 [500 500] 16 18 700] >>] /ToUnicode 7 0 R >>',
      '<< /Type /Font /Subtype /Type1 /Encoding << /Differences [65 /a /zero /at /uni20AC] >> >>',
    ];
    const numbers = inStream.map((_, index) => [
      index + 2,
      inStream.slice(0, index).reduce((length, { length: more }) => length + more + 1, 0),
    ]);
    const header = `${numbers.flat().join(' ')} `;
    const objects = flate(header + inStream.join(' '), `/Type /ObjStm /N 4 /First ${header.length}`);
    const bytes = pdfFile([
      '<< /Type /Catalog /Pages 2 0 R >>',
      objects,
      'null',
      'null',
      'null',
      'null',
      flate(map),
      flate('BT /F 10 Tf 10 50 Td <00010002001000110012> Tj ('),
      flate(') Tj 31 0 Td <00200021> Tj ET /X Do'),
      flate('BT /G 10 Tf 10 90 Td (ABCDz) Tj ET', '/Type /XObject /Subtype /Form'),
    ]);
    // The objects in the stream are newer than the empty ones, which are written before it in real documents.
    const text = bytes
      .toString('latin1')
      .replaceAll(/\n[3-6] 0 obj\nnull\nendobj/g, '')
      .replace('\n2 0 obj', '\n20 0 obj');
    expect(await pageOf(Buffer.from(text, 'latin1'))).toBe('Téabcfi\u{1F511}\na0@€z\n');
  });

  test('the filters of text', async () => {
    const words = show('filtered words');
    const hex = { entries: '/Filter /AHx', data: `${Buffer.from(words).toString('hex')}>` };
    const runs = {
      entries: '/Filter [/RunLengthDecode]',
      data: Buffer.concat([
        Buffer.from([words.length - 1]),
        Buffer.from(words),
        Buffer.from([254, 0x20, 128]),
      ]),
    };
    const ascii85 = {
      entries: '/Filter [/A85 /FlateDecode]',
      data: `${base85(Buffer.from(flate(words).data))}~>`,
    };
    const lzw = { entries: '/Filter /LZWDecode', data: lzwOf(words) };
    const rows = Buffer.concat(
      Array.from(Buffer.from(words), (byte, at) =>
        Buffer.from([2, byte - (at === 0 ? 0 : words.charCodeAt(at - 1))]),
      ),
    );
    const predicted = flate(rows, '/DecodeParms << /Predictor 12 /Columns 1 >>');
    for (const content of [hex, runs, ascii85, lzw, predicted]) {
      expect(await pageOf(pdfPage(content))).toBe('filtered words\n');
    }
  });

  test('what is not on a page', async () => {
    const { entries, problem } = await read(
      pdfPage(
        show('page'),
        '<< /Title (\\376\\377\\000T\\000i) /Author (me) >>',
        '<< /Type /Annot /Subtype /Widget /T (pass) /V (field value) /AP << /N 8 0 R >> >>',
        flate(show('shown value'), '/Type /XObject /Subtype /Form'),
        '<< /Type /Filespec /F (a/b.txt) /EF << /F 10 0 R >> >>',
        flate('attached text', '/Type /EmbeddedFile'),
        '<< /S /JavaScript /JS 12 0 R >>',
        flate('var script'),
        { entries: '/Type /XObject /Subtype /Image /Filter /DCTDecode', data: 'image' },
      ),
    );
    expect(problem).toBeUndefined();
    expect(entries.get('other content.txt')).toBe('shown value\n');
    expect(entries.get('document.txt')).toContain(
      '{"Title":"Ti","Author":"me"}\n{"T":"pass","V":"field value","pass":"field value"}\n',
    );
    expect(entries.get('1/a/b.txt')).toBe('attached text');
    expect(entries.get('2/script.js')).toBe('var script');
  });

  test('an update replaces a page, whose earlier content is still there', async () => {
    const before = pdfPage(show('removed words'));
    const after = pdfPage(show('new words'));
    const { entries } = await read(Buffer.concat([before, after.subarray(after.indexOf('5 0 obj'))]));
    expect(entries.get('page-1.txt')).toBe('new words\n');
    expect(entries.get('other content.txt')).toBe('removed words\n');
  });

  test.each(Object.keys(encrypted))('encrypted with %s', async (method) => {
    const { entries, problem } = await read(documentOf(method));
    if (method === 'a password') expect([problem, entries.size]).toEqual(['encrypted', 0]);
    else {
      expect(entries.get('page-1.txt')).toBe('sealed words\n');
      expect(entries.get('document.txt')).toContain('sealed title');
    }
  });

  test('what cannot be read is reported', async () => {
    const sound = pdfPage(show('words'));
    const cut = await read(sound.subarray(0, -30));
    expect([cut.problem, cut.entries.get('page-1.txt')]).toEqual(['damaged', 'words\n']);
    const spoilt = flate(show('first words, '.repeat(9)));
    expect(
      await pageOf(pdfPage({ ...spoilt, data: Buffer.from(spoilt.data).subarray(0, 30).fill(7, 25) })),
    ).toContain('[damaged]');
    const nameless = pdfPage(show('0123456789abcdefghijklmnopqrstuvwxyz'))
      .toString('latin1')
      .replace('/Type1', '/Type0');
    expect(await pageOf(Buffer.from(nameless, 'latin1'))).toContain('[unsupported]');
    expect((await read(Buffer.from('%PDF-1.7\nnothing'))).problem).toBe('damaged');
    expect((await readContainer(pdfReader, sound, () => true)).problem).toBe('container-limit');
  });

  test('circles and bombs end', async () => {
    const form = (content: string) =>
      flate(content, '/Type /XObject /Subtype /Form /Resources << /XObject << /X 6 0 R >> >>');
    const resources =
      '<< /Type /Page /Parent 3 0 R /Kids [3 0 R 2 0 R] /Resources << /XObject << /X 6 0 R >> >> /Contents 5 0 R >>';
    const circle = pdfFile([
      '<< /Type /Catalog /Pages 2 0 R >>',
      resources,
      resources,
      '4 0 R',
      flate('/X Do'),
      form('/X Do /X Do'),
    ]);
    expect((await read(circle)).problem).toBeUndefined();
    const bomb = pdfPage(flate(Buffer.alloc(64 * 1024 * 1024, ' ')));
    expect(await pageOf(bomb)).toBe('[container-limit]');
    const deep = pdfPage(show('x'), '['.repeat(100_000));
    expect((await read(deep)).problem).toBe('damaged');
  });
});

function base85(bytes: Buffer): string {
  const padded = Buffer.concat([bytes, Buffer.alloc(4)]);
  const groups = Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => {
    let value = padded.readUInt32BE(4 * index);
    let text = '';
    for (let digit = 0; digit < 5; digit += 1) {
      text = String.fromCharCode(33 + (value % 85)) + text;
      value = Math.floor(value / 85);
    }
    return text;
  });
  return groups.join('').slice(0, Math.ceil((bytes.length * 5) / 4));
}

/** With codes of nine bits only. The second half refers to pairs that the first has. */
function lzwOf(text: string): Buffer {
  const known = new Map(Array.from({ length: 256 }, (_, code) => [String.fromCharCode(code), code]));
  const codes = [256];
  let word = '';
  for (const character of text) {
    if (known.has(word + character)) {
      word += character;
      continue;
    }
    codes.push(known.get(word) ?? 0);
    known.set(word + character, known.size + 2);
    word = character;
  }
  const bits = [...codes, known.get(word) ?? 0, 257]
    .map((code) => code.toString(2).padStart(9, '0'))
    .join('');
  return Buffer.from((bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}
