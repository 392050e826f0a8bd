/** Security descriptors in the form that `Get-Acl` prints, and who has access according to them. */
import { describe, expect, test } from '@jest/globals';
import { accessOf } from '../../../src/host/platform/access-list.ts';

describe('a folder is private to SYSTEM and administrators', () => {
  test.each([
    ['as icacls sets it', 'O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'],
    ['made by an administrator', 'O:BAG:S-1-5-21-1-2-3-513D:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)\r\n'],
    ['SIDs in full', 'O:S-1-5-32-544G:S-1-5-18D:P(A;OICI;FA;;;S-1-5-18)(A;OICI;FA;;;S-1-5-32-544)'],
    ['inheritance requested before', 'O:SYG:SYD:ARPAI(A;OICI;FA;;;SY)'],
    ['an entry that denies', 'O:SYG:SYD:P(D;OICI;FA;;;BU)(A;OICI;FA;;;SY)'],
    ['with a system list', 'O:SYG:SYD:P(A;OICI;FA;;;SY)S:AI(AU;OICISAFA;FA;;;WD)'],
    ['wrapped by the console', 'O:SYG:SYD:PAI(A;OICI;FA;\r\n;;SY)(A;OICI;FA;;;BA)\r\n'],
    ['nobody', 'O:SYG:SYD:P'],
  ])('%s', (_, sddl) => {
    expect(accessOf(sddl)).toEqual({ foreignOwner: undefined, openTo: undefined });
  });
});

describe('others have access', () => {
  test.each([
    [
      'a folder that SYSTEM creates in C:\\ProgramData',
      'O:SYG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)',
      'Creator Owner, Users',
    ],
    [
      'C:\\ProgramData itself',
      'O:SYG:SYD:PAI(A;OICIIO;GA;;;CO)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)',
      'Creator Owner, Users',
    ],
    [
      'a folder in the root of a drive',
      'O:BAG:BAD:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)(A;OICIIOID;SDGXGWGR;;;AU)',
      'Users, Authenticated Users',
    ],
    ['an account', 'O:SYG:SYD:P(A;OICI;FA;;;SY)(A;;0x1200a9;;;S-1-5-21-1-2-3-1001)', 'S-1-5-21-1-2-3-1001'],
    ['only what will be created in it', 'O:SYG:SYD:P(A;OICI;FA;;;SY)(A;OICIIO;FA;;;WD)', 'Everyone'],
    ['a kind of entry that grants', 'O:SYG:SYD:P(XA;OICI;FA;;;WD)', 'Everyone'],
    ['no list at all', 'O:SYG:SYD:NO_ACCESS_CONTROL', 'Everyone'],
    ['inherits', 'O:SYG:SYD:AI(A;OICIID;FA;;;SY)', 'whoever is added to a folder above it'],
  ])('%s', (_, sddl, openTo) => {
    expect(accessOf(sddl)).toEqual({ foreignOwner: undefined, openTo });
  });
});

test.each([
  ['S-1-5-21-2502823385-1436278615-3517788930-1001', 'S-1-5-21-2502823385-1436278615-3517788930-1001'],
  ['BU', 'Users'],
  ['S-1-5-180', 'S-1-5-180'],
])('the owner is another account: %s', (owner, foreignOwner) => {
  expect(accessOf(`O:${owner}G:SYD:P(A;OICI;FA;;;SY)`)).toEqual({ foreignOwner, openTo: undefined });
});

describe('no judgement without a descriptor that is fully understood', () => {
  test.each([
    '',
    'Get-Acl : Zugriff verweigert',
    'D:P(A;OICI;FA;;;SY)',
    'O:SYG:SY',
    'O:SYG:SYD:P(A;OICI;FA;;;SY',
    'O:SYG:SYD:P(XA;OICI;FA;;;WD;(@User.Title=="PM"))',
    'O:SYG:SYD:P(A;OICI;FA;;;SY)\nO:SYG:SYD:P(A;OICI;FA;;;WD)',
  ])('%j', (text) => {
    expect(accessOf(text)).toBeUndefined();
  });
});
