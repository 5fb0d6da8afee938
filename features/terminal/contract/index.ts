export type { ClientFrame, ServerFrame } from './frames.ts';
export { fileListPath, filePath, nodeShellPath, podShellPath } from './paths.ts';
