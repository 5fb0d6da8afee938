/**
 * Cuts a stream of bytes at line ends. A line of a watch is one event, and may be megabytes long, so the pieces of an
 * unfinished line are joined once, when its end arrives.
 */
export async function* watchLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end));
      start = end + 1;
      const line = Buffer.concat(pieces).toString('utf8');
      pieces = [];
      if (line !== '') yield line;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
}
