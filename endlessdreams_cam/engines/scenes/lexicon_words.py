"""Words that set the mood: hours, weather, colours, energy, styles; and words that say nothing.

Lower case, no accents, singular; English first, then German, French, Spanish, Portuguese, Italian.
"""

from __future__ import annotations

from endlessdreams_cam.engines.scenes.mood import Weather

HOURS: dict[float, str] = {
    0.3: "midnight, dead of night, mitternacht, minuit, medianoche, meia noite, ghostly hour",
    3.0: "small hour, starry night, starry, starlit, starry sky, before dawn",
    5.7: "daybreak, first light, blue morning, morgengrauen, tagesanbruch, aube, alba, madrugada",
    6.5: "dawn, sunrise, sun rise, rising sun, sonnenaufgang, lever du soleil, amanecer, amanhecer",
    8.3: "morning, early, breakfast, morgen, matin, manana, manha, mattina, fruhstuck, dewy, dew",
    10.5: "forenoon, day, daytime, daylight, tag, jour, dia, giorno, bright day, sunny, sunlit, "
    "sunshine, sonnig, sonnenschein, sunlight, ensoleille, soleado",
    12.8: "noon, midday, high noon, mittag, midi, mediodia, meio dia, mezzogiorno, blaze sun, blue sky, summer sky, blue summer sky, white cloud, "
    "fast white cloud",
    15.5: "afternoon, lazy afternoon, nachmittag, apres midi, tarde, pomeriggio",
    17.9: "golden hour, late afternoon, goldene stunde, heure doree, hora dorada, low sun, magic hour",
    18.9: "sunset, sundown, setting sun, sonnenuntergang, coucher de soleil, puesta de sol, "
    "atardecer, por do sol, tramonto, abendrot, afterglow",
    19.7: "dusk, twilight, gloaming, dammerung, crepuscule, crepusculo, evening, abend, soir, "
    "anochecer, anoitecer, sera",
    20.9: "blue hour, blaue stunde, heure bleue, nightfall, late evening, hora azul",
    22.3: "night, nighttime, nocturnal, nocturne, moonlight, moonlit, moonrise, full moon, nacht, "
    "nuit, noche, noite, notte, mondlicht, clair de lune, in the dark, darkness, shadowy, after dark, dark night, "
    "nightclub, nightlife, dunkel, sombre, oscuro, escuro, late night, moon, dark forest, dark wood, "
    "dark pine forest, haunted, haunted mansion, haunted house, graveyard, cemetery, halloween, vampire, werewolf, spooky, horror, zombie, "
    "firework, jack o lantern, candlelit, candle glow",
}

FAINT_HOURS = frozenset(
    [
        "in the dark",
        "darkness",
        "shadowy",
        "moon",
        "day",
        "early",
        "nightclub",
        "nightlife",
        "blue sky",
        "summer sky",
        "blue summer sky",
        "white cloud",
        "fast white cloud",
        "dark forest",
        "dark wood",
        "dark pine forest",
        "haunted",
        "haunted mansion",
        "haunted house",
        "graveyard",
        "cemetery",
        "halloween",
        "vampire",
        "werewolf",
        "spooky",
        "horror",
        "zombie",
        "firework",
        "jack o lantern",
        "candlelit",
        "candle glow",
    ]
)
"""Hours that give way to any other in the same prompt."""

WEATHERS: dict[Weather, str] = {
    Weather.CLEAR: "clear, cloudless, sunny, klar, starry, starlit",
    Weather.CLOUDS: "cloudy, overcast, cloud, wolkig, bewolkt, nuageux, nublado, grey sky, gray sky",
    Weather.MIST: "mist, misty, fog, foggy, haze, hazy, nebel, neblig, brume, brouillard, niebla, "
    "nevoa, nebbia, smoky, smoke, steam, steamy, vapour, vapor",
    Weather.RAIN: "rain, rainy, raining, drizzle, wet, shower, monsoon, regen, pluie, lluvia, chuva, "
    "pioggia, downpour, raindrop, umbrella, pluvieux, lluvioso, blade runner",
    Weather.SNOW: "snow, snowy, snowing, snowfall, blizzard, winter, wintry, christmas, schnee, neige, "
    "nieve, neve, verschneit, hiver, invierno, inverno, snowflake, flurry, weihnacht, noel, navidad",
    Weather.STORM: "storm, stormy, thunder, thunderstorm, lightning, tempest, hurricane, tornado, "
    "typhoon, gewitter, sturm, blitz, orage, tempete, tormenta, tempestade, tempesta, cyclone",
}

NATURAL = "natural"
"""Colours that a thing has anyway."""

COLOURS: dict[str, str] = {
    "amber": "amber, honey, bernstein, ambre, ambar, whisky, whiskey, candlelight, caramel",
    "autumn": "autumn, autumnal, fall colour, herbst, automne, otono, outono, autunno, harvest, maple, "
    "rust, russet, october, november",
    "candy": "candy, bubblegum, sugar, sugary, cotton candy, sweet, unicorn, lollipop, kawaii, circus",
    "cobalt": "blue, cobalt, midnight blue, night blue, neon blue, electric blue, royal blue, sapphire, navy, azure, ultramarine, blau, bleu, azul, blu, indigo, topaz",
    "copper": "orange, copper, bronze, tangerine, terracotta, pumpkin, kupfer, cuivre, cobre, laranja, "
    "naranja, arancione, halloween, jack o lantern",
    "coral": "coral pink, coral red, salmon, peach, apricot, koralle, corail, pfirsich, flamingo, terracotta and teal",
    "crimson": "red, crimson, scarlet, blood, bloody, ruby, wine, cherry, vermilion, rot, rouge, rojo, "
    "vermelho, rosso, hell, demon, rage, vampire, burgundy, bordeaux, maroon",
    "deep": "aqua, aquamarine, marine, lagoon, deep blue, sea blue, abyss, abyssal, bioluminescent",
    "ember": "ember, glowing coal, dying star, lava, magma, glut, braise, brasa, inferno",
    "emerald": "emerald, smaragd, emeraude, esmeralda, absinthe, malachite, green light",
    "gold": "gold, golden, gilded, brass, gulden, dore, oro, dorado, ouro, dourado, midas, yellow, "
    "gelb, jaune, amarillo, amarelo, giallo, lemon, pharaoh, treasure, sunny yellow",
    "ice": "ice, icy, frost, frosty, frozen, arctic, glacial, glacier, cold, eis, eisig, glace, hielo, "
    "gelo, kalt, froid, frio, ghiaccio, iceberg, snow queen, cyan",
    "jade": "green, jade, moss, mossy, fern, verdant, lush, grun, vert, verde, sage, mint",
    "lavender": "lavender, lilac, wisteria, lavendel, flieder, lavande, lavanda, mauve, periwinkle",
    "magenta": "magenta, fuchsia, hot pink, cerise, electric pink, shocking pink, neon pink",
    "monochrome": "monochrome, black and white, greyscale, grayscale, b w, schwarzweiss, schwarz weiss, "
    "noir et blanc, blanco y negro, preto e branco, grey, gray, grau, gris, ash, ashen, charcoal, "
    "concrete, gothic, goth, ghost, film noir",
    NATURAL: "blue sky, white cloud, blue ocean, blue sea, blue water, green grass, green forest, "
    "green tree, green leaf, green meadow, white snow, red poppy, yellow sunflower, white daisy, "
    "blue summer sky, fast white cloud, green aurora, green curtain, red lava, orange flame, "
    "summer sky, thin cloud, amber window, warm window, golden window, yellow window, amber light window, "
    "snowy peak, snowy mountain, snowy mountain peak, snowy summit, snow capped, snow capped mountain, "
    "snow covered, storm of spark, spark storm, fire storm, firestorm, sandstorm, brainstorm, star storm, "
    "meteor storm, meteor shower, aurora storm, solar storm, magnetic storm, geomagnetic storm, "
    "beach with umbrella, beach umbrella, baby shower",
    "neon": "neon, cyberpunk, neon city, neon light, neon sign, blade runner, electric, rave, "
    "fluorescent, glow stick, laser, disco, nightclub, neon street, neon mile",
    "pastel": "pastel, soft colour, powdery, baby blue, baby pink, macaron, spring colour, dreamlike, "
    "ice cream, marshmallow",
    "pearl": "pearl, white, ivory, porcelain, marble, weiss, blanc, blanco, branco, bianco, milk, "
    "milky, heaven, heavenly, angel, bone, bridal, wedding, opal, minimal",
    "prism": "rainbow, prism, prismatic, iridescent, holographic, psychedelic, technicolor, colourful, "
    "colorful, trippy, lsd, acid trip, regenbogen, bunt, multicolour, kaleidoscope, spectrum, pride",
    "rose": "rose, pink, rosa, blush, rose gold, valentine, romantic, love, romance, rosado, rosy",
    "sakura": "sakura, cherry blossom, plum blossom, kirschblute, hanami, kyoto, geisha",
    "sand": "sand, sandy, desert, dune, sahara, beige, wuste, sable, arena, arizona, mars, egypt",
    "sepia": "sepia, vintage, antique, old photo, old photograph, daguerreotype, parchment, nostalgia, "
    "nostalgic, victorian, brown, coffee, chocolate, western, old film, braun, marron",
    "silver": "silver, moonlight, moonlit, chrome, metallic, platinum, steel, silber, argent, plata, "
    "prata, argento, full moon, mercury, quicksilver",
    "sunset": "sunset colour, tropical sunset, california, hawaii, fire sky, burning sky, sunset red",
    "teal": "teal, turquoise, petrol, turkis, turquesa, cerulean, verdigris",
    "toxic": "toxic, acid, poison, radioactive, slime, lime, chartreuse, alien, matrix, nuclear, "
    "neon green, kryptonite, hacker, reactor",
    "vaporwave": "vaporwave, vapor wave, miami, miami vice, pink and blue, aesthetic",
    "violet": "violet, purple, amethyst, ultraviolet, lila, violett, pourpre, morado, roxo, viola, "
    "grape, plum, mystic, wizard, magic, royal, neon purple, neon violet",
}

ENERGIES: dict[float, str] = {
    -0.8: "still, motionless, frozen in time, silent, silence, zen, meditation, meditative, stille",
    -0.5: "calm, quiet, peaceful, peace, serene, gentle, slow, sleepy, sleeping, soft, tranquil, lazy, "
    "ambient, dreamy, ruhig, sanft, calme, doux, paisible, tranquilo, calmo, whisper, lofi, lullaby, "
    "melancholy, melancholic, relaxing, placid, dying, faint",
    0.4: "windy, breezy, lively, playful, rising, dancing, dance, flowing, dynamic, energetic, epic, "
    "dramatic, wind, vivid, lebhaft, swirling, party, rolling",
    0.7: "wild, fast, violent, rage, raging, furious, fury, chaos, chaotic, explosive, explosion, "
    "storm, stormy, thunder, roaring, intense, crazy, turbulent, frantic, power, wutend, sauvage, "
    "salvaje, inferno, apocalypse, hurricane, tornado, battle, rave, techno, metal, hyper, storm of spark, spark storm, "
    "fire storm, firestorm, aurora storm, solar storm, magnetic storm, geomagnetic storm",
}

STYLES: dict[str, str] = {
    "watercolour": "watercolour, watercolor, water colour, water color, aquarell, aquarelle, acuarela, "
    "aquarela, acquerello, gouache, wash painting, wet on wet",
    "oil": "oil painting, oil paint, oil on canvas, impasto, impressionist, impressionism, painterly, "
    "van gogh, monet, turner, rembrandt, olgemalde, peinture a l huile, oleo, brush stroke, "
    "brushstroke, expressionist, acrylic, palette knife, painting, gemalde, peinture, pintura, "
    "renoir, post impressionist, fauvist",
    "pixel": "pixel art, pixel, pixelated, 8 bit, 8bit, 16 bit, 16bit, gameboy, game boy, nintendo, nes, "
    "snes, arcade game, minecraft, voxel, retro game, sprite, pixelart",
    "neon": "neon style, neon outline, neon line, neon art, glowing line, glowing outline, neon drawing, "
    "neon sketch, neon tube, light painting, tron legacy, blacklight, black light",
    "sketch": "sketch, pencil, pencil drawing, ink sketch, drawing, charcoal drawing, graphite, "
    "hand drawn, doodle, line art, zeichnung, bleistift, skizze, dessin, croquis, crayon, dibujo, "
    "lapiz, desenho, etching, engraving, ink drawing, ink, pen and ink, crosshatch, cross hatching, "
    "storyboard, blueprint, tusche, encre, tinta",
    "glass": "stained glass, stained glass window, church window, glasmalerei, buntglas, vitrail, "
    "vitral, tiffany, glass mosaic, mosaic, mosaik, mosaique, mosaico",
    "paper": "paper cut, papercut, paper cutout, cut out, cutout, cut paper, paper art, paper, origami, "
    "papercraft, paper craft, layered paper, scherenschnitt, papier, papier decoupe, papel, diorama, "
    "paper theatre, collage, kirigami, matisse",
    "woodcut": "woodcut, wood cut, woodblock, wood block, ukiyo e, ukiyoe, hokusai, hiroshige, linocut, "
    "lino cut, japanese print, holzschnitt, gravure sur bois, xilografia, block print, risograph, "
    "screen print, great wave, poster, art deco poster",
    "lowpoly": "low poly, lowpoly, polygon, polygonal, triangulated, triangle, geometric, cubist, "
    "cubism, picasso, papercraft polygon",
    "vhs": "vhs, crt, scanline, scan line, glitch, analog, analogue, video tape, videotape, camcorder, "
    "old tv, television, crt monitor, broadcast, found footage, cassette tape, betamax, retro tv, 1990s",
    "noir": "noir, film noir, black and white film, silent film, old movie, expressionist film, "
    "schwarzweissfilm, chiaroscuro, hitchcock, ansel adams, monochrome photograph, "
    "black and white photo, black and white photograph",
    "soft": "soft focus, dreamy, dreamlike, ethereal, hazy dream, blurred, blurry, bokeh, romantic blur, "
    "ghibli, pictorialist, pictorialism, vaseline lens, traumerisch, onirique, onirico",
    "comic": "comic, comic book, halftone, half tone, pop art, cartoon, manga, anime, graphic novel, "
    "lichtenstein, warhol, cel shaded, cel shading, toon, bande dessinee, spider verse, marvel, "
    "superhero, comicstrip, comic strip",
}

ALONE: dict[str, str] = {
    "neon": "neon, in neon, glowing neon, neon light",
    "oil": "oil, oils, in oil, ol, huile, olfarbe, brush",
    "glass": "glass, in glass",
    "soft": "soft, dream, dreaming, in a dream",
    "sketch": "charcoal, line, chalk, marker",
    "woodcut": "print",
}
"""Styles that these words mean only where nothing else stands between the commas."""

TAGS: dict[str, str] = {
    "campfire": "lagerfeuer, feu de camp, hoguera, fogueira, camp fire, bonfire, fireplace, hearth",
    "candle": "kerze, bougie, vela, candela, candlelight, candlelit, harry potter, hogwarts, great hall",
    "volcano": "vulkan, volcan, lava, magma, inside a volcano",
    "dragon": "drache, dragao, drago",
    "whale": "wal, baleine, ballena, baleia, balena, orca",
    "fish": "fisch, poisson, pez, peces, peixe, pesce, goldfish, koi",
    "jellyfish": "qualle, meduse, medusa, agua viva",
    "sail": "sailboat, sailing, segelboot, voilier, boat, ship, yacht, bateau, barco",
    "lighthouse": "leuchtturm, phare, faro, farol",
    "moon": "mond, lune, luna, lua, moonlight, moonlit, full moon, moonrise",
    "sun": "sonne, soleil, sol, sole, sunshine",
    "star": "stern, etoile, estrella, estrela, stella, starry, starlit, starlight, stardust",
    "bird": "vogel, oiseau, pajaro, passaro, uccello, seagull, swallow, dove, flock",
    "balloon": "hot air balloon, ballon, montgolfiere, globo, balao",
    "tulip": "tulpe, tulipe, tulipan, tulipa, tulip field",
    "poppy": "mohn, coquelicot, amapola, papoula, field of poppy, poppy field",
    "sunflower": "sonnenblume, tournesol, girasol, girassol, sunflower field",
    "daisy": "ganseblumchen, marguerite, margarita, margarida, chamomile",
    "butterfly": "schmetterling, papillon, mariposa, borboleta, farfalla",
    "firefly": "gluhwurmchen, luciole, luciernaga, vagalume, lucciola, fireflies",
    "deer": "hirsch, reh, cerf, ciervo, stag, doe",
    "owl": "eule, hibou, buho, coruja",
    "birch": "birke, bouleau, abedul, birch wood",
    "bamboo": "bambus, bambou, bambu, bamboo forest",
    "train": "zug, tren, trem, night train, subway, metro, railway",
    "cyberpunk": "blade runner, cyberpunk street, cyberpunk city, neon city, replicant, shibuya",
    "lake": "lac, lago, pond, mountain lake",
    "eagle": "adler, aigle, aguila, aguia, hawk, falcon",
    "desert": "wuste, desierto, deserto, dune, sahara, desert dune, pyramid, egypt, egyptian, pharaoh, "
    "sphinx, cactus, camel, oasis, wild west, arizona, sandstorm",
    "comet": "komet, comete, cometa, shooting star, meteor",
    "nebula": "gas cloud, orion, stardust",
    "spiral": "spiral galaxy, andromeda, whirlpool, vortex",
    "supernova": "dying star, big bang, inside of a star, pulsar, quasar",
    "reef": "coral reef, coral, recif, arrecife, anemone",
    "kelp": "kelp forest, seaweed, algae",
    "rainbow": "regenbogen, arc en ciel, arcoiris, arcobaleno",
    "cave": "hohle, grotte, cueva, caverna, cavern, grotto, crystal cave, geode",
    "car": "auto, voiture, coche, carro, delorean, ferrari, lamborghini, night drive, sports car",
    "palm": "palm tree, palme, palmier, palmera, miami",
}
"""What a scene may know by one word, and the other words for it."""

SILENT: str = (
    "above below before behind beside near across along against around beyond after during among "
    "within without towering "
    "a an the of in on at to by for with from and or my your our his her their its it is are be am i "
    "you we he she they this that these those into over under through between as like some very so "
    "just really more most all no not there here when where while made make making out up down off s "
    "der die das ein eine einer eines einem den dem des und oder mit im am von zu auf aus ist in aber "
    "le la les un une des du de et ou avec dans sur en au aux el los las y o con del al uma um os as "
    "e do da dos das no na nos nas com il lo gli di del della nel nella l d "
    "face portrait person man woman girl boy selfie me myself someone figure silhouette head bust eye "
    "gesicht mensch frau mann visage homme femme cara rostro hombre mujer rosto homem mulher viso "
    "beautiful stunning gorgeous amazing pretty nice lovely detailed highly ultra hyper 4k 8k hd uhd hdr "
    "masterpiece best quality cinematic photo photograph photography photorealistic realistic picture "
    "image scene view shot wide angle lens art artwork artstation trending render rendered octane unreal "
    "engine digital illustration concept style background wallpaper inside full big small little huge "
    "giant tall long new great many few one two three someone something everything thing"
)
"""Words that choose nothing: articles, praise, and the person, who is there anyway."""
