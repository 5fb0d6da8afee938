import { ApiError } from '@kit/base';
import type { ClientFrame } from '../contract/index.ts';

const largest = 65_535; // the widest and highest a terminal can be told to be

function isLength(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= largest;
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>; // cast: an object, as just seen
  } catch {
    // told below, with everything else that is no frame
  }
  throw new ApiError('BadRequest', 'a frame is a JSON object such as {"Op":"stdin","Data":"ls\\n"}');
}

/** Reads a frame from a browser; throws `BadRequest` with what is wrong with it. */
export function clientFrame(text: string): ClientFrame {
  const { Op, Data, Rows, Cols } = fieldsOf(text);
  if (Op === 'stdin') {
    if (typeof Data === 'string') return { Op, Data };
    throw new ApiError('BadRequest', 'the frame "stdin" needs Data, a text');
  }
  if (Op === 'resize') {
    if (isLength(Rows) && isLength(Cols)) return { Op, Rows, Cols };
    throw new ApiError('BadRequest', `the frame "resize" needs Rows and Cols from 1 to ${largest}`);
  }
  throw new ApiError('BadRequest', 'a frame has Op "stdin" or "resize"');
}
