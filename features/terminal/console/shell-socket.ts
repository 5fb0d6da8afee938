import type { ClientFrame, ServerFrame } from '../contract/index.ts';

export interface ShellEvents {
  readonly onOpen: () => void;
  readonly onOutput: (text: string) => void;
  /** A sentence about the session. */
  readonly onSentence: (sentence: string) => void;
  readonly onClose: () => void;
}

/** The WebSocket address of a path of this server. */
function socketUrl(path: string): URL {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

/** One session with a shell; ends with `close`, which then tells nobody. */
export class ShellSocket {
  readonly #socket: WebSocket;
  #isClosed = false;

  constructor(path: string, { onOpen, onOutput, onSentence, onClose }: ShellEvents) {
    this.#socket = new WebSocket(socketUrl(path));
    this.#socket.onopen = () => this.#isClosed || onOpen();
    this.#socket.onclose = () => this.#isClosed || onClose();
    this.#socket.onmessage = ({ data }) => {
      if (this.#isClosed) return;
      const { Op, Data } = JSON.parse(String(data)) as ServerFrame; // cast: the server's protocol, as the contract has it
      (Op === 'stdout' ? onOutput : onSentence)(Data);
    };
  }

  type(text: string): void {
    this.#send({ Op: 'stdin', Data: text });
  }

  resize({ rows, cols }: { rows: number; cols: number }): void {
    this.#send({ Op: 'resize', Rows: rows, Cols: cols });
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
  }

  #send(frame: ClientFrame): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}
