import { useEffect, useRef, useState } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import { pageNonce } from '@kit/ui';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { ShellSocket } from './shell-socket.ts';
import classes from './terminal.module.css';
import { withStyleNonce } from './with-style-nonce.ts';

export type ShellState = { readonly is: 'connecting' | 'open' } | { readonly is: 'closed'; readonly why: string };

const dark: ITheme = {
  background: '#16181d',
  foreground: '#e4e6eb',
  cursor: '#e4e6eb',
  selectionBackground: '#3b4252',
};
const light: ITheme = {
  background: '#fbfbfc',
  foreground: '#1d2129',
  cursor: '#1d2129',
  selectionBackground: '#c9d7f0',
  // the usual bright colours can hardly be read on white
  yellow: '#7a5b00',
  brightYellow: '#7a5b00',
  green: '#126b2f',
  brightGreen: '#126b2f',
  cyan: '#0b6274',
  brightCyan: '#0b6274',
  white: '#4b5563',
  brightWhite: '#1d2129',
};

interface ScreenProps {
  readonly path: string;
  readonly label: string;
  readonly onState: (state: ShellState) => void;
}

function openTerminal(host: HTMLElement, label: string): { terminal: Terminal; fit: FitAddon } {
  const terminal = new Terminal({
    fontFamily: getComputedStyle(host).fontFamily,
    fontSize: 13,
    scrollback: 5000,
    cursorBlink: false,
    screenReaderMode: true,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  withStyleNonce(pageNonce(), () => terminal.open(host));
  terminal.textarea?.setAttribute('aria-label', label);
  // Tab belongs to the shell, so the way out is another key.
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.key !== 'Escape' || !event.ctrlKey || !event.shiftKey) return true;
    terminal.blur();
    return false;
  });
  return { terminal, fit };
}

/** A shell on the screen, from the first connection to its end; another session needs another key. */
export function Screen({ path, label, onState }: ScreenProps) {
  const host = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<Terminal>();
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    if (!host.current) return undefined;
    const { terminal: opened, fit } = openTerminal(host.current, label);
    let why = '';
    const socket = new ShellSocket(path, {
      onOpen: () => {
        onState({ is: 'open' });
        socket.resize(opened);
        opened.focus();
      },
      onOutput: (text) => opened.write(text),
      onSentence: (sentence) => {
        why = sentence;
        opened.write(`\r\n\x1b[2m${sentence}\x1b[0m\r\n`);
      },
      onClose: () => onState({ is: 'closed', why }),
    });
    opened.onData((text) => socket.type(text));
    opened.onResize((size) => socket.resize(size));
    const sizes = new ResizeObserver(() => fit.fit());
    sizes.observe(host.current);
    setTerminal(opened);
    return () => {
      sizes.disconnect();
      socket.close();
      opened.dispose();
    };
  }, [path, label, onState]);
  useEffect(() => {
    if (terminal) terminal.options.theme = scheme === 'dark' ? dark : light; // eslint-disable-line react-hooks/immutability -- the terminal is not React's
  }, [terminal, scheme]);
  return <div ref={host} className={classes['screen']} data-scheme={scheme} />;
}
