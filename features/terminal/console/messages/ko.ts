export const messages = {
  terminal: '터미널',
  sentence: '파드 {{pod}}의 컨테이너에서 여는 셸',
  container: '컨테이너',
  screen: '{{container}}의 셸',
  connecting: '연결하는 중…',
  open: '연결됨',
  closed: '세션이 끝났습니다.',
  'closed.why': '세션이 끝났습니다: {{why}}',
  again: '다시 연결',
  simulated: '이 컨테이너는 시뮬레이션입니다. 셸과 파일은 흉내 낸 것이며 실제 프로세스는 실행되지 않습니다.',
  leave: '키보드로 터미널에서 나가려면 Ctrl+Shift+Escape를 누르세요.',
};
