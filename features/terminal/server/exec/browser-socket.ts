import type { Clock } from '@kit/base';
import { pingUntilClosed, type RawConnection } from '@kit/http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ServerFrame } from '../../contract/index.ts';

const enoughWaiting = 256 * 1024;

const server = new WebSocketServer({ noServer: true, maxPayload: 256 * 1024, perMessageDeflate: false }); // holds no sockets: `clientTracking` is off without a server of its own

/** A browser's end of a session. */
export interface BrowserSocket {
  readonly socket: WebSocket;
  /** Sends a frame; resolves at once, or, while much is waiting to be read, when this one has left. */
  readonly send: (frame: ServerFrame) => Promise<void>;
  /** Says a last sentence and closes. */
  readonly end: (sentence: string, code?: number) => void;
}

/** Takes the WebSocket of an authorized request. */
export async function acceptBrowser({ request, socket, head }: RawConnection, clock: Clock): Promise<BrowserSocket> {
  const opened = await new Promise<WebSocket>((resolve) => server.handleUpgrade(request, socket, head, resolve));
  opened.on('error', () => opened.terminate());
  pingUntilClosed(opened, clock);
  return {
    socket: opened,
    send: (frame) =>
      new Promise((resolve) => {
        const isMuch = opened.bufferedAmount > enoughWaiting;
        opened.send(JSON.stringify(frame), () => resolve()); // one that cannot be sent has a closed socket, which ends the session
        if (!isMuch) resolve();
      }),
    end: (sentence, code = 1000) => {
      const frame: ServerFrame = { Op: 'toast', Data: sentence };
      opened.send(JSON.stringify(frame), () => opened.close(code));
    },
  };
}
