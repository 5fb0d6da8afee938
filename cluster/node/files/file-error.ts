const texts = {
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ENOTEMPTY: 'Directory not empty',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
  ELOOP: 'Too many levels of symbolic links',
  EINVAL: 'Invalid argument',
} as const;

/** What went wrong with a file, in the words a C library has for it. */
export class FileError extends Error {
  readonly code: keyof typeof texts;

  constructor(code: keyof typeof texts) {
    super(texts[code]);
    this.code = code;
  }
}
