export const messages = {
  terminal: '终端',
  sentence: '容器组 {{pod}} 中某个容器的 Shell',
  container: '容器',
  screen: '{{container}} 的 Shell',
  connecting: '正在连接…',
  open: '已连接',
  closed: '会话已结束。',
  'closed.why': '会话已结束：{{why}}',
  again: '重新连接',
  simulated: '此容器是模拟的：Shell 和文件均为模拟，没有真实进程在运行。',
  leave: '按 Ctrl+Shift+Escape 可用键盘离开终端。',
};
