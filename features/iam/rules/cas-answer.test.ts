import { describe, expect, it } from 'vitest';
import { readCasAnswer } from './cas-answer.ts';

const response = (inner: string): string =>
  `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${inner}</cas:serviceResponse>`;
const success = (inner: string): string =>
  response(`\n  <cas:authenticationSuccess>${inner}</cas:authenticationSuccess>\n`);

const rows: [why: string, xml: string, user: string | undefined][] = [
  ['a success', success('<cas:user>jane</cas:user>'), 'jane'],
  ['white space around the name', success('\n <cas:user>\n jane </cas:user>\n'), 'jane'],
  ['escaped characters', success('<cas:user>o&apos;neil &amp; &#99;&#x6f;</cas:user>'), "o'neil & co"],
  ['an element with an attribute', success('<cas:user type="x">jane</cas:user>'), 'jane'],
  [
    'an attribute of that name',
    success('<cas:user>jane</cas:user><cas:attributes><cas:user>admin</cas:user></cas:attributes>'),
    'jane',
  ],
  ['that attribute alone', success('<cas:attributes><cas:user>admin</cas:user></cas:attributes>'), undefined],
  ['a failure', response('<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>'), undefined],
  [
    'a failure that quotes a success in its text',
    response(
      '<cas:authenticationFailure>&lt;cas:authenticationSuccess&gt;&lt;cas:user&gt;admin</cas:authenticationFailure>',
    ),
    undefined,
  ],
  ['nobody', success('<cas:user></cas:user>'), undefined],
  ['no user', success('<cas:attributes><cas:mail>a@b.example</cas:mail></cas:attributes>'), undefined],
  ['two users', success('<cas:user>jane</cas:user><cas:user>admin</cas:user>'), undefined],
  ['a comment within a name', success('<cas:user>admin<!-- -->-of-nothing</cas:user>'), undefined],
  ['CDATA', success('<cas:user><![CDATA[jane]]></cas:user>'), undefined],
  [
    'a document type, which may define entities',
    `<!DOCTYPE x [<!ENTITY e "admin">]>${success('<cas:user>&e;</cas:user>')}`,
    undefined,
  ],
  ['elements within a name', success('<cas:user>ad<b>min</b></cas:user>'), undefined],
  ['another name space', '<serviceResponse><authenticationSuccess><user>jane</user>', undefined],
  ['no XML', 'yes\njane\n', undefined],
  ['nothing', '', undefined],
];

describe('the answer of a CAS server', () => {
  it.each(rows)('%s', (_why, xml, user) => {
    expect(readCasAnswer(xml)?.user).toBe(user);
  });

  it('has attributes, of which the first of a name counts', () => {
    const xml = success(
      '<cas:user>jane</cas:user><cas:attributes><cas:email>j@a.example</cas:email><cas:cn>Jane</cas:cn><cas:cn>J</cas:cn></cas:attributes>',
    );
    const { attribute } = readCasAnswer(xml) ?? { attribute: () => undefined };
    expect([attribute('mail', 'email'), attribute('displayName', 'cn'), attribute('phone')]).toEqual([
      'j@a.example',
      'Jane',
      undefined,
    ]);
  });
});
