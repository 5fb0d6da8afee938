import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { WebSocketServer } from 'ws';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader, opcodes } from './socket-frames.ts';

const lengths = [0, 1, 125, 126, 65_535, 65_536, 200_000];

describe('frames of a WebSocket', () => {
  it('say the same to ws and back, at every length of a length', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(data, { binary: true })));
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    try {
      const key = randomBytes(16).toString('base64');
      socket.write(
        `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      );
      await once(socket, 'data'); // the answer's head: nothing is sent behind it before it is asked
      const sent = lengths.map((length) => randomBytes(length));
      for (const payload of sent) socket.write(encodeFrame(opcodes.binary, payload));
      const reader = new FrameReader(1 << 20);
      const got: Buffer[] = [];
      for await (const piece of socket) {
        got.push(...reader.push(piece as Buffer).map(({ payload }) => Buffer.from(payload)));
        if (got.length === lengths.length) break;
      }
      expect(got.map((payload, index) => payload.equals(sent[index] as Buffer))).toEqual(lengths.map(() => true));
    } finally {
      socket.destroy();
      server.close();
    }
  });

  it('are found when they come byte by byte, and when many come at once', () => {
    const bytes = Buffer.from([0x82, 2, 1, 7, 0x01, 1, 65, 0x80, 0]);
    const expected = [
      { opcode: opcodes.binary, isLast: true, payload: Buffer.from([1, 7]) },
      { opcode: opcodes.text, isLast: false, payload: Buffer.from('A') },
      { opcode: opcodes.more, isLast: true, payload: Buffer.alloc(0) },
    ];
    expect(new FrameReader(10).push(bytes)).toEqual(expected);
    const slow = new FrameReader(10);
    expect([...bytes].flatMap((byte) => slow.push(Buffer.from([byte])))).toEqual(expected);
  });

  it.each([
    { bytes: [0x82, 11], why: 'longer than is held' },
    { bytes: [0x82, 0x81, 1, 2, 3, 4, 5], why: 'masked by a server' },
  ])('are refused: $why', ({ bytes }) => expect(() => new FrameReader(10).push(Buffer.from(bytes))).toThrow());
});
