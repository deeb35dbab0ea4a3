import 'reflect-metadata';
import { ormOptions } from './src/orm/orm.js';

/**
 * For `mikro-orm migration:create` and `migration:check`, which compare the entities with the snapshot of the
 * last migration: neither connects, so the address is only a name.
 */
export default ormOptions('postgresql://127.0.0.1/customer_gateway');
