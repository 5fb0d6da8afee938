import { describe, expect, it } from 'vitest';
import { clientFrame } from './client-frame.ts';

describe('a frame from a browser', () => {
  it.each([
    { text: '{"Op":"stdin","Data":"ls\\n"}', is: { Op: 'stdin', Data: 'ls\n' }, why: 'what was typed' },
    {
      text: '{"Op":"stdin","Data":"","Rows":0}',
      is: { Op: 'stdin', Data: '' },
      why: "the other op's fields are not looked at",
    },
    { text: '{"Op":"resize","Rows":24,"Cols":80}', is: { Op: 'resize', Rows: 24, Cols: 80 }, why: 'a size' },
  ])('is read: $why', ({ text, is }) => expect(clientFrame(text)).toEqual(is));

  it.each([
    { text: 'ls', why: 'no JSON' },
    { text: 'null', why: 'no object' },
    { text: '[]', why: 'an array has no Op' },
    { text: '{"Op":"stdin"}', why: 'nothing typed' },
    { text: '{"Op":"stdin","Data":1}', why: 'a number is no text' },
    { text: '{"Op":"resize","Rows":0,"Cols":80}', why: 'no rows' },
    { text: '{"Op":"resize","Rows":1.5,"Cols":80}', why: 'half a row' },
    { text: '{"Op":"resize","Rows":24,"Cols":70000}', why: 'wider than a terminal can be' },
    { text: '{"Op":"stdout","Data":"x"}', why: 'what only the server says' },
  ])('is refused: $why', ({ text }) =>
    expect(() => clientFrame(text)).toThrowError(expect.objectContaining({ reason: 'BadRequest' })),
  );
});
