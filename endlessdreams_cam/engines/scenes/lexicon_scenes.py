"""Which words ask for which scene, and how strongly.

Per scene: a weight, then words and phrases (lower case, no accents, singular) in English and, for
the main things, in German, French, Spanish, Portuguese and Italian. 5: a phrase that settles it;
3: the thing itself; 2: what is found only there; 1: what is often found there; 0.5: a hint.
"""

from __future__ import annotations

SCENES: dict[str, dict[float, str]] = {
    "sky": {
        5: "above the cloud, sea of cloud, in the sky, castle in the sky, castle in the cloud, cloud castle, "
        "head in the cloud, blue sky, white cloud, blue summer sky, fast white cloud, summer sky",
        3: "sky, cloud, cloudscape, skyscape, cumulus, cirrus, heaven, stratosphere, himmel, wolke, "
        "wolkenmeer, ciel, nuage, cielo, nube, ceu, nuvem, nuvola",
        2.4: "night sky",
        2: "airplane, aeroplane, plane, airship, zeppelin, contrail, rainbow, angel, kite, skydiver, "
        "flugzeug, regenbogen, arc en ciel, arcoiris, ange, engel, paradise, olympus, hot air balloon",
        1: "low sun, setting sun, rising sun, golden hour, magic hour, bird, seagull, swallow, dove, wing, flight, flying, fly, air, breeze, god, freedom, "
        "weather, feather, sun, vogel, oiseau, pajaro, sonne, soleil, sol, eagle, floating, weightless",
        0.5: "day, noon, light, hope, breath, morning, open, thin cloud",
    },
    "ocean": {
        5: "sunset ocean, ocean sunset, stormy sea, open sea, on the water, tropical beach, "
        "sunset over the sea, great wave",
        3: "ocean, sea, seascape, wave, beach, coast, shore, surf, tide, tsunami, atlantic, pacific, "
        "mediterranean, caribbean, beach umbrella, beach with umbrella, bay, lagoon, meer, ozean, welle, strand, kuste, mer, vague, plage, "
        "mar, oceano, ola, playa, onda, praia, spiaggia",
        2: "sail, sailboat, sailing, boat, ship, harbour, harbor, lighthouse, pirate, island, "
        "seaside, fjord, yacht, regatta, surfer, horizon, segelboot, schiff, boot, insel, bateau, "
        "voilier, barco, isla, ilha, leuchtturm, phare, viking, titanic, poseidon",
        1: "water, sand, summer, holiday, vacation, pier, salt, storm, hurricane, cyclone, moby dick, "
        "wasser, eau, agua, ete, verano, sommer, palm, palm tree, whale, sunset, sad, sadness, tear, grief, longing, tristesse, saudade",
        0.5: "blue, endless, deep, melancholy, farewell, journey, dusk, evening",
    },
    "mountains": {
        5: "mountain range, mountain lake, snowy peak, misty mountain, rolling hill, "
        "valley in the mist, desert dune, monument valley, grand canyon, snowy mountain, "
        "snowy mountain peak, snowy summit, snow capped mountain, lord of the ring, middle earth, "
        "game of throne, wild west",
        3: "mountain, hill, alp, alpine, peak, summit, ridge, valley, cliff, canyon, himalaya, andes, "
        "everest, matterhorn, fuji, mount fuji, desert, dune, sahara, mesa, plateau, fell, highland, "
        "berg, gebirge, alpen, tal, wuste, montagne, colline, vallee, desierto, montana, montanha, "
        "colina, deserto, gipfel, sommet, sierra",
        2: "glacier, avalanche, waterfall, landscape, rock, stone, pagoda, monastery, temple, castle, "
        "cottage, chalet, hike, hiker, tundra, steppe, savanna, savannah, prairie, tibet, "
        "switzerland, iceland, norway, scotland, patagonia, wasserfall, cascade, schloss, chateau, "
        "castillo, landschaft, paysage, paisaje, mars, camel, caravan, pyramid, ruin, village, medieval, "
        "egypt, egyptian, pharaoh, sphinx, oasis, cactus, arizona, hobbit, shire, skyrim, dwarf, "
        "snow capped",
        1: "lake, river, snow, winter, earth, nature, wilderness, wild, world, planet, adventure, "
        "far away, distance, fluss, lac, riviere, lago, rio, schnee, neige, nieve, hawk, goat, "
        "horse, cowboy, western, samurai, dawn, mist, fog, snow covered, knight, train, sandstorm, elephant, lion",
        0.5: "silence, zen, meditation, calm, peace, monk, old, ancient, kingdom, epic, morning",
    },
    "forest": {
        5: "pine forest, deep forest, enchanted forest, fairy forest, forest path, in the woods, "
        "into the woods, dark forest, dark wood, dark pine forest, bamboo forest, forest of light, birch wood",
        3: "forest, wood, woods, woodland, jungle, rainforest, pine, spruce, fir, birch, redwood, "
        "sequoia, oak, tree, bamboo, grove, taiga, wald, tannenwald, dschungel, baum, foret, arbre, "
        "bosque, arbol, floresta, arvore, bosco, foresta, selva",
        2: "mushroom, moss, fern, firefly, glade, clearing, elf, elven, fairy, faerie, druid, witch, "
        "owl, deer, fox, wolf, bear, stag, squirrel, cabin, treehouse, branch, root, trunk, canopy, "
        "totoro, gnome, troll, dryad, hirsch, fuchs, eule, pilz, gluhwurmchen, loup, renard, hibou, "
        "champignon, luciole, lobo, zorro, raven, crow, werewolf, swamp",
        1: "leaf, green, nature, autumn, fall, fairytale, fairy tale, magic, spell, path, trail, tent, "
        "camping, hut, waterfall, monkey, tiger, animal, cemetery, pumpkin, jack o lantern, dinosaur, ghost, haunted, haunted mansion, haunted house, graveyard, skull, vampire, "
        "horror, halloween, creepy, spooky, laub, blatt, feuille, hoja, herbst, automne, "
        "otono, fog, mist, foggy",
        0.5: "shadow, secret, mystery, mysterious, fear, dark, darkness, wild, lost, wander, myth, legend",
    },
    "city": {
        5: "city at night, neon city, night city, cyberpunk street, cyberpunk city, rainy street, "
        "blade runner, night train, city street, neon street, broadway, new york, hong kong, "
        "las vegas, city light, neon sign, street light, neon mile",
        3: "city, town, street, skyline, skyscraper, downtown, metropolis, megacity, cityscape, urban, "
        "cyberpunk, tokyo, manhattan, shanghai, london, paris, berlin, chicago, osaka, seoul, "
        "shibuya, gotham, stadt, strasse, hochhaus, ville, rue, ciudad, calle, cidade, rua, citta, "
        "grossstadt, nachtstadt, alley, avenue, boulevard, rooftop",
        2: "building, tower, window, amber window, warm window, golden window, yellow window, apartment, traffic, taxi, subway, metro, train, tram, bus, bridge, "
        "bar, club, nightclub, cafe, market, shop, office, factory, billboard, umbrella, detective, "
        "noodle, ramen, android, replicant, room, bedroom, living room, study room, study, library, "
        "book, bookshop, school, classroom, university, stadium, hotel, hospital, airport, zug, train station, station, bahnhof, gare, fenster, "
        "fenetre, ventana, gebaude, haus, maison, casa, home, house, concrete",
        1: "jazz, blues, rain, rainy, crowd, people, human, party, machine, industrial, steampunk, "
        "robot, cyborg, dystopia, dystopian, gangster, crime, noir, modern, wet, puddle, reflection, "
        "regen, pluie, lluvia, chuva, nightlife, saxophone, neon, stage, concert, hip hop, lofi, firework, "
        "pizza, burger, coffee, beer, football, soccer, basketball, piano, kitchen, mansion",
        0.5: "night, lonely, alone, love song, technology, tech, future, money, busy, work",
    },
    "galaxy": {
        5: "outer space, deep space, milky way, spiral galaxy, black hole, dying star, star field, "
        "night sky full of star, starry night, starry sky, big bang, star war, star trek, "
        "event horizon, solar system, inside of a star, meteor shower, meteor storm, star storm",
        3: "galaxy, space, nebula, cosmos, cosmic, universe, star, supernova, interstellar, astral, "
        "celestial, constellation, quasar, pulsar, andromeda, orion, weltall, galaxie, stern, "
        "universum, kosmos, espace, etoile, univers, galaxia, espacio, estrella, universo, estrela, "
        "espaco, stella, cosmo, milchstrasse, spacetime, wormhole, multiverse",
        2.6: "night sky",
        2: "stardust, starlight, astronaut, spaceship, spacecraft, rocket, alien, ufo, comet, asteroid, meteor, satellite, "
        "telescope, planet, saturn, jupiter, moon, lunar, zodiac, astronomy, weltraum, mond, lune, "
        "luna, lua, komet, comete, cometa, rakete, fusee, cohete, starship, dark matter",
        1: "infinity, infinite, eternity, eternal, void, nothingness, quantum, atom, gravity, "
        "dimension, portal, vortex, spiral, swirl, soul, consciousness, mind, brain, dream, dreaming, "
        "time, dust, glitter, transcendence, god, creation, traum, reve, sueno, sonho, sogno",
        0.5: "night, mystery, dark, beyond, future, far, deep, unknown, endless",
    },
    "fire": {
        5: "made of ember, made of fire, glowing ember, forest fire, on fire, "
        "wall of flame, burning man, inside a volcano, camp fire, world on fire, dancing flame, "
        "dark soul, elden ring",
        3: "fire, flame, ember, blaze, inferno, campfire, bonfire, fireplace, lava, magma, volcano, "
        "hell, burning, burn, furnace, forge, wildfire, feuer, flamme, glut, lagerfeuer, vulkan, feu, "
        "braise, volcan, fuego, llama, brasa, fogo, chama, fuoco, fiamma, phoenix, lohe",
        2: "dragon, candle, torch, spark, smoke, ash, coal, demon, devil, lucifer, match, hearth, "
        "drache, kerze, funke, rauch, asche, bougie, etincelle, fumee, dragao, dragon breath, vela, "
        "balrog, firework, explosion, hot, heat, candlelit, candle glow, harry potter, hogwarts, great hall, "
        "mordor, "
        "firestorm, fire storm",
        1: "warmth, passion, rage, anger, war, battle, metal, steel, sword, red, iron, wrath, "
        "fury, apocalypse, ritual, shaman, lust, boss, fight, warrior, viking funeral, storm of spark, spark storm, hitze, chaleur, calor, rot, rouge, rojo, sun surface",
        0.5: "warm, energy, power, intense, intensity, drama, hearts, rock and roll",
    },
    "aurora": {
        6: "aurora storm, green aurora, northern light, southern light, aurora borealis, aurora australis, polar light, "
        "polar night, green curtain of light, aurore boreale, aurora boreal",
        4.5: "aurora, solar storm, magnetic storm, geomagnetic storm, nordlicht, polarlicht, aurore, nordlichter, auroras, borealis",
        2: "arctic, antarctic, polar, polar bear, lapland, north pole, south pole, igloo, arktis, "
        "reindeer, husky, penguin, nordpol, arctique, artico, penguin colony, siberia, spirit, "
        "northern, nordic, valhalla, shooting star",
        1: "frozen lake, ghostly, ethereal, ether, curtain, silk, veil, magnetic, glow, glowing, "
        "luminous, shimmer, shimmering, magic, christmas, weihnacht, noel, navidad, ambient, "
        "whisper, prayer, holy, divine, mystic, mystical, halo",
        0.5: "night, winter, cold, calm, wonder, silence, green, dream, teal, emerald, lake",
    },
    "flowers": {
        5: "flower field, field of flower, flower meadow, field of poppy, tulip field, cherry blossom, "
        "lavender field, sunflower field, flower garden, wild flower, rose garden, zen garden, "
        "grandmother garden, secret garden, garden of eden, poppy field, garden party, "
        "blumenwiese, champ de fleur, campo de flor",
        3: "flower, meadow, garden, blossom, bloom, floral, petal, tulip, poppy, daisy, sunflower, "
        "wildflower, orchid, lily, lotus, peony, cherry tree, bouquet, field, orchard, blume, blute, "
        "wiese, garten, fleur, jardin, prairie fleurie, flor, jardim, fiore, giardino, prato, "
        "rose bush, iris, dahlia, hydrangea, magnolia, jasmine, chrysanthemum, bluebell",
        2: "butterfly, bee, bumblebee, ladybug, dragonfly, hummingbird, spring, springtime, pollen, "
        "grass, bunny, rabbit, picnic, grandmother, grandma, fruhling, printemps, primavera, "
        "schmetterling, papillon, mariposa, borboleta, biene, sonnenblume, tournesol, girasol, "
        "vineyard, farm, scarecrow, wheat, countryside, tulpe, mohn, coquelicot, amapola, dandelion",
        1: "rose, lavender, violet, sakura, love, romance, romantic, heart, wedding, bride, valentine, "
        "kiss, baby, child, childhood, mother, innocence, joy, happy, happiness, sweet, fruit, honey, "
        "liebe, amour, amor, amore, coeur, corazon, herz, princess, unicorn, cat, kitten, puppy, dog, "
        "fox cub, chicken, cow, sheep, lamb, family",
        0.5: "summer, day, smile, colour, colorful, colourful, beauty, life, gentle, cute, kawaii",
    },
    "underwater": {
        5: "under the sea, under water, koi pond, coral reef, kelp forest, bottom of the sea, "
        "bottom of the ocean, deep sea, deep ocean, beneath the wave, "
        "under the wave, sunken city, sunken ship, 20000 leagues, school of fish, unter wasser, "
        "underwater city, underwater world, underwater kingdom, underwater forest, sous l eau, bajo el agua, below the surface, whale song",
        3: "underwater, reef, coral, aquarium, abyss, seabed, seafloor, fish, jellyfish, koi, atlantis, "
        "unterwasser, fisch, qualle, aquarien, poisson, meduse, recif, pez, peces, medusa, peixe, "
        "pesce, tiefsee, submarine, mermaid, octopus, squid, shark, manta, seahorse, kelp, goldfish",
        2: "dolphin, whale, orca, turtle, diver, diving, dive, scuba, seaweed, algae, bubble, nautilus, "
        "kraken, pearl, shell, pond, swimming, swim, pool, drowning, drown, meerjungfrau, sirene, "
        "sirena, wal, baleine, ballena, baleia, hai, requin, tiburon, teich, etang, anemone, "
        "starfish, plankton, cthulhu, leviathan, bioluminescence, bioluminescent",
        1: "caustic, liquid, fluid, aqua, drop, ink in water, wet dream, womb, amniotic, slow, float, "
        "floating, cave diving, depth, depths, sinking, blub",
        0.5: "blue, calm, silence, hypnotic, trance, meditation, deep",
    },
    "crystals": {
        5: "crystal cave, cave of crystal, crystal palace, ice cave, ice palace, snow queen, "
        "cathedral of light, cathedral of glass, glass garden, made of crystal, made of glass, "
        "made of diamond, hall of mirror, frozen palace, disco ball, kristallhohle",
        3: "crystal, gem, gemstone, jewel, diamond, ruby, sapphire, amethyst, topaz, quartz, prism, "
        "geode, mineral, stalactite, kristall, edelstein, diamant, cristal, cristallo, gema, joya, "
        "joia, emeralds, kaleidoscope, fractal, mandala, opal, shard",
        2: "ice, icicle, iceberg, cave, cavern, grotto, glass, mirror, treasure, jewelry, crown, eis, "
        "hohle, hielo, gelo, glace, grotte, cueva, caverna, spiegel, miroir, espejo, tesseract, "
        "geometry, geometric, sacred geometry, polyhedron, facet, wizard, cathedral, church, "
        "superman, chandelier, snowflake, frost, frozen, kryptonite, lucy in the sky",
        1: "psychedelic, trippy, acid, lsd, dmt, hallucination, abstract, symmetry, pattern, surreal, "
        "magic, alchemy, precious, luxury, queen, king, metallic, chrome, gold, silver, sculpture, "
        "elsa, cold, winter, glitter, sparkle, shiny, emperor, empress, infinite mirror, mathematics",
        0.5: "light, pure, purity, beauty, sharp, minimal, zen, elegance, elegant",
    },
    "synthwave": {
        5: "retro wave, neon grid, eighties sunset, 80s sunset, outrun sunset, miami vice, "
        "retro future, retro futuristic, tron legacy, 1980s, the eighties, night drive, "
        "laser grid, vapor wave, synth wave, arcade game, video game",
        3: "synthwave, retrowave, vaporwave, outrun, tron, arcade, vhs sunset, darksynth, chillwave, "
        "80s, eighties, wireframe, cyberspace, grid, hologram, holodeck, kavinsky",
        2: "retro, synth, synthesizer, laser, delorean, ferrari, lamborghini, sportscar, sports car, "
        "highway, road, racing, race, race car, car, drive, driving, motorcycle, motorbike, matrix, "
        "virtual, virtual reality, hacker, computer, digital, data, internet, code, algorithm, "
        "miami, palm beach, auto, voiture, coche, carro, autobahn, strassenrennen, gameboy, nintendo, "
        "terminator, mixtape, cassette, rgb, rave, gaming room, disco, techno, electro, edm, trance music, bass drop",
        1: "neon, robot, cyborg, artificial intelligence, ai, machine learning, electric, electricity, "
        "electronic, synthetic, plastic, pop, beat, dance, dancing, dj, house music, rhythm, speed, "
        "fast, game, gaming, gamer, lofi, glitch, nostalgia, magenta, futuristic, future, bass",
        0.5: "night, music, musik, musique, musica, sunset, party, purple, pink, cool",
    },
}
