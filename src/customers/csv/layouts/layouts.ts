import { headerKey } from '../header-name.js';
import { hubspot } from './hubspot.js';
import { invoiceNinja } from './invoice-ninja.js';
import { type Layout } from './layout.js';
import { quickbooks } from './quickbooks.js';
import { shopify } from './shopify.js';
import { stripe } from './stripe.js';
import { wave } from './wave.js';
import { xero } from './xero.js';
import { zoho } from './zoho.js';

/** The known exports, in the order in which they are recognized. */
export const layouts: readonly Layout[] = [
  shopify,
  stripe,
  quickbooks,
  xero,
  hubspot,
  zoho,
  wave,
  invoiceNinja,
];

/**
 * The layout of a file with these columns: of the layouts that have a signature in the file, the one with the longest, or the first
 * of them.
 */
export function layoutOf(header: readonly string[]): Layout | undefined {
  const keys = new Set(header.map(headerKey));
  const matches = layouts.flatMap((layout) =>
    layout.signatures
      .filter((signature) => signature.every((name) => keys.has(headerKey(name))))
      .map((signature) => ({ layout, length: signature.length })),
  );
  return matches.toSorted((a, b) => b.length - a.length)[0]?.layout;
}
