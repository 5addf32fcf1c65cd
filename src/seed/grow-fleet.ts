export async function growFleet(..._: unknown[]): Promise<void>{}
