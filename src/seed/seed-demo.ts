export async function isEmpty(_: unknown){return false} export async function seedDemo(..._: unknown[]): Promise<void>{}
