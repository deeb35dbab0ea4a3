import { registerHooks } from 'node:module';

/** Loaded before the gateway, puts the ORM's plain unit of work in the place of its statements. */
const replaced =
  /\/dist\/src\/customers\/(create\/insert-customers?|find\/find-customer|list\/select-customers)\.js$/;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    if (!replaced.test(resolved.url)) return resolved;
    return {
      ...resolved,
      format: 'module-typescript',
      url: new URL('unit-of-work.ts', import.meta.url).href,
    };
  },
});
