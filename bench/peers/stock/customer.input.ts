import {
  ArrayMaxSize,
  IsEmail,
  IsNotEmpty,
  IsOptional,
  IsUrl,
  Length,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Field, InputType } from 'type-graphql';
import { CustomerStatus } from '../../../dist/src/customers/customer-status.js';
import { limits } from '../../../dist/src/customers/limits.js';

@InputType()
export class AddressInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.addressPart)
  street?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.addressPart)
  city?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.addressPart)
  state?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.zipCode)
  zipCode?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.addressPart)
  country?: string | null;
}

@InputType()
export class ContactInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.name)
  firstName?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.name)
  lastName?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsEmail()
  @MaxLength(limits.email)
  email?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.phone)
  phone?: string | null;

  @Field(() => Boolean, { nullable: true })
  isPrimary?: boolean | null;
}

@InputType()
export class MetadataInput {
  @Field(() => String)
  @Length(1, limits.metadataKey)
  key!: string;

  @Field(() => String)
  @MaxLength(limits.metadataValue)
  value!: string;
}

@InputType()
export class CreateCustomerInput {
  @Field(() => String)
  @IsNotEmpty()
  @MaxLength(limits.name)
  customer!: string;

  @Field(() => String)
  @IsEmail()
  @MaxLength(limits.email)
  email!: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.phone)
  mainPhone?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true })
  @MaxLength(limits.website)
  website?: string | null;

  @Field(() => CustomerStatus, { nullable: true })
  status?: CustomerStatus | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.externalId)
  externalId?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.notes)
  notes?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.taxNumber)
  taxNumber?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(limits.paymentTerm)
  paymentTerm?: string | null;

  @Field(() => [MetadataInput], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(limits.metadataEntries)
  @ValidateNested({ each: true })
  metadata?: MetadataInput[] | null;

  @Field(() => AddressInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  billingAddress?: AddressInput | null;

  @Field(() => AddressInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  shippingAddress?: AddressInput | null;

  @Field(() => [ContactInput], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(limits.contacts)
  @ValidateNested({ each: true })
  contacts?: ContactInput[] | null;
}
