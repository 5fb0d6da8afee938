export const messages = {
  terminal: 'Terminal',
  sentence: 'A shell in a container of pod {{pod}}',
  container: 'Container',
  screen: 'Shell in {{container}}',
  connecting: 'Connecting…',
  open: 'Connected',
  closed: 'The session is over.',
  'closed.why': 'The session is over: {{why}}',
  again: 'Connect again',
  simulated: 'This container is simulated: its shell and its files are played, and no process runs.',
  leave: 'Press Ctrl+Shift+Escape to leave the terminal by keyboard.',
};
