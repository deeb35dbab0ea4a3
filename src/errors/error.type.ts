import { Field, InterfaceType } from 'type-graphql';

/** The part that all refusals of an operation share; each adds what a client needs to act on it. */
@InterfaceType('Error', {
  description:
    'The part that all refusals of an operation share; each adds what a client needs to act on it.',
})
export abstract class ErrorType {
  @Field(() => String, { description: 'Always "error".' })
  readonly status: string = 'error';

  @Field(() => String, { description: 'What went wrong, for people.' })
  abstract readonly message: string;

  @Field(() => String, { description: 'What went wrong, for programs.' })
  abstract readonly code: string;
}
