/** Makes a test fail that ends without an assertion, as one does that returns too early. */
import { beforeEach, expect } from '@jest/globals';

beforeEach(() => expect.hasAssertions());
