/**
 * Runs something that makes style elements for a library which knows of no nonce: those made meanwhile carry it. What is
 * put in the way of the page's document for so long is only for this thread's one call.
 */
export function withStyleNonce(nonce: string, act: () => void): void {
  const make = document.createElement.bind(document);
  const createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = make(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  Object.defineProperty(document, 'createElement', { value: createElement, configurable: true });
  try {
    act();
  } finally {
    Reflect.deleteProperty(document, 'createElement'); // the prototype's own is there again
  }
}
