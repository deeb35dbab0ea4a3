import { applyEdits, format } from 'jsonc-parser';

/**
 * Replaces Prettier's JavaScript parser and printer, 540 kB that GraphiQL would load to format the JSON of the
 * variables: see `vite.config.ts`. Comments are kept.
 */
interface JsonText {
  readonly text: string;
}

export const parsers = {
  jsonc: {
    astFormat: 'jsonc-text',
    parse: (text: string): JsonText => ({ text }),
    locStart: () => 0,
    locEnd: ({ text }: JsonText) => text.length,
  },
};

export const printers = {
  'jsonc-text': {
    print: ({ node: { text } }: { readonly node: JsonText }) =>
      applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true })),
  },
};
