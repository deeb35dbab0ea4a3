export { keys, schema } from './from-schema/graphcache.js';
