import { Field, InterfaceType } from 'type-graphql';

/** Fields common to all errors of an operation. Each type adds what a client needs to handle it. */
@InterfaceType('Error', {
  description:
    'Fields common to all errors of an operation. Each type adds what a client needs to handle it.',
})
export abstract class ErrorType {
  @Field(() => String, { description: 'Always "error".' })
  readonly status: string = 'error';

  @Field(() => String, { description: 'Human-readable message.' })
  abstract readonly message: string;

  @Field(() => String, { description: 'Machine-readable error code.' })
  abstract readonly code: string;
}
