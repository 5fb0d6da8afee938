import { describe, expect, test } from 'vitest';
import { formatBytes, formatCpu, formatResource, parseQuantity } from './quantity.ts';

describe('parseQuantity', () => {
  test.each([
    ['250m', 0.25],
    ['1.5', 1.5],
    ['64Mi', 67108864],
    ['1k', 1000],
    ['1e3', 1000],
    ['5G', 5e9],
    ['x', undefined],
    ['', undefined],
  ])('%s', (text, expected) => expect(parseQuantity(text)).toBe(expected));
});

describe('as people write it', () => {
  test.each([
    [formatCpu('0.25'), '250m'],
    [formatCpu('1500m'), '1.5'],
    [formatCpu('100m'), '100m'],
    [formatBytes('134217728'), '128 MiB'],
    [formatBytes('1536Mi'), '1.5 GiB'],
    [formatBytes('0'), '0 B'],
    [formatResource('limits.cpu', '2000m'), '2'],
    [formatResource('nvidia.com/gpu', '1'), '1'],
    [formatResource('memory', 'odd'), 'odd'],
  ])('%s is %s', (actual, expected) => expect(actual).toBe(expected));
});
