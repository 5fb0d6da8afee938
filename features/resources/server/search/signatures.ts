/** Words of 32 bits in a signature. */
const words = 8;
const bits = words * 32;

function mark(text: string, at: number): number {
  const hash = (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) * 2654435761;
  return (hash >>> 16) % bits;
}

/** One bit for each three letters in a row: a text that holds a word has all bits of the word. */
export function signatureOf(text: string): Int32Array {
  const signature = new Int32Array(words);
  addTo(signature, 0, text);
  return signature;
}

function addTo(signatures: Int32Array, from: number, text: string): void {
  for (let at = 0; at + 2 < text.length; at++) {
    const bit = mark(text, at);
    signatures[from + (bit >> 5)] = (signatures[from + (bit >> 5)] ?? 0) | (1 << (bit & 31));
  }
}

/** The signatures of many texts by place, one after the other in memory: a search runs over them and not over the texts. */
export class Signatures {
  #all = new Int32Array(words * 256);

  set(place: number, text: string): void {
    while ((place + 1) * words > this.#all.length) this.#grow();
    this.#all.fill(0, place * words, (place + 1) * words);
    addTo(this.#all, place * words, text);
  }

  /** Takes the signature of another place over. */
  move(from: number, to: number): void {
    this.#all.copyWithin(to * words, from * words, (from + 1) * words);
  }

  /** The places below `count` whose texts may hold what `wanted` is the signature of. */
  candidates(wanted: Int32Array, count: number): number[] {
    const needed = [...wanted.entries()].filter(([, word]) => word !== 0);
    const all = this.#all;
    const found: number[] = [];
    for (let place = 0; place < count; place++) {
      if (needed.every(([word, mask]) => ((all[place * words + word] ?? 0) & mask) === mask)) found.push(place);
    }
    return found;
  }

  #grow(): void {
    const larger = new Int32Array(this.#all.length * 2);
    larger.set(this.#all);
    this.#all = larger;
  }
}
